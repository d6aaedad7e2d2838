// ONNX Runtime's side of the comparison: inference, one JSON line a network, with the fields that our own program prints.
//
// usage: node onnxruntime_bench.mjs --modules FOLDER --onnx FOLDER [network ...] [--batch 32] [--size 224] [--classes 1000]
//                                   [--steps 5] [--threads 2]
// FOLDER is where npm installed onnxruntime-node, and where export_onnx.py wrote its files. All graph optimizations, one pool of
// threads within an operator. The figure is the batch over the median step, after two steps and a second of warm-up.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const text = (value) => ({ type: 'string', default: value });
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    modules: text('.'), onnx: text('.'), batch: text('32'), size: text('224'), classes: text('1000'), steps: text('5'), threads: text('2'),
  },
});
const number = (name) => Number.parseInt(options[name], 10);
const [batch, size, classes, steps, threads] = ['batch', 'size', 'classes', 'steps', 'threads'].map(number);
const networks = positionals.length > 0 ? positionals : ['alexnet', 'resnet18', 'resnet50', 'densenet121'];
const ort = createRequire(join(resolve(options.modules), 'package.json'))('onnxruntime-node');

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

// Any values but special ones: a sine of the index.
function images() {
  const data = new Float32Array(batch * 3 * size * size);
  for (let i = 0; i < data.length; i++) data[i] = 2 * Math.sin(i * 12.9898);
  return new ort.Tensor('float32', data, [batch, 3, size, size]);
}

function peakMebibytes() {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'ascii'))[1]) / 1024;
  } catch {
    return undefined;
  }
}

async function measure(name) {
  const session = await ort.InferenceSession.create(join(options.onnx, `${name}-${size}-${classes}.onnx`), {
    executionProviders: ['cpu'], intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all',
  });
  const feeds = { input: images() };
  const step = async () => {
    const begin = performance.now();
    await session.run(feeds);
    return (performance.now() - begin) / 1000;
  };
  const begin = performance.now();
  for (let i = 0; i < 2 || performance.now() - begin < 1000; i++) await step();
  const seconds = [];
  for (let i = 0; i < steps; i++) seconds.push(await step());
  await session.release();
  return batch / median(seconds);
}

for (const name of networks) {
  const rate = await measure(name);
  const peak = peakMebibytes();
  console.log(JSON.stringify({
    peer: `onnxruntime ${ort.env.versions.node ?? ort.env.versions.common}`, network: name, batch, size, threads,
    infer_images_per_s: Math.round(rate * 100) / 100, peak_rss_mb: peak && Math.round(peak * 10) / 10,
  }));
}
