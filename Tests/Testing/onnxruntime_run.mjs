// Evaluates ONNX files with ONNX Runtime, for tests: one request a line on the input, one answer a line on the output.
//
// usage: node onnxruntime_run.mjs FOLDER        where npm installed onnxruntime-node
// request: {"model": FILE, "inputs": [{"dims": [2, 3, 8, 8], "file": FILE of little-endian float32}, ...]}
// answer:  {"inputs": [NAME], "outputs": [NAME], "results": [{NAME: {"dims": [2, 10], "values": [...]}}, ...]} or {"error": TEXT}
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const ort = createRequire(join(resolve(process.argv[2]), 'package.json'))('onnxruntime-node');

function tensor({ dims, file }) {
  const bytes = readFileSync(file);
  return new ort.Tensor('float32', new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)), dims);
}

async function answer({ model, inputs }) {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['cpu'], intraOpNumThreads: 2, interOpNumThreads: 1, executionMode: 'sequential',
  });
  const results = [];
  for (const input of inputs) {
    const outputs = await session.run({ [session.inputNames[0]]: tensor(input) });
    results.push(Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, { dims: t.dims, values: [...t.data] }])));
  }

  await session.release();
  return { inputs: session.inputNames, outputs: session.outputNames, results };
}

for await (const line of createInterface({ input: process.stdin })) {
  let text;
  try {
    text = JSON.stringify(await answer(JSON.parse(line)));
  } catch (error) {
    text = JSON.stringify({ error: String(error?.message ?? error) });
  }

  process.stdout.write(`${text}\n`);
}
