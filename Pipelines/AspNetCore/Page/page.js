"use strict";
(() => {
  const address = document.body.dataset.predict;
  const input = document.getElementById("file");
  const results = document.getElementById("results");
  const status = document.getElementById("status");
  const mostCards = 40;
  const mostAtOnce = 3;
  const mostTries = 5;
  const waiting = [];
  let running = 0;

  function make(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  // File and class names are foreign text: set as text, and kept from turning the line around.
  function foreign(text) {
    const element = document.createElement("bdi");
    element.textContent = text;
    return element;
  }

  function percent(score) {
    const value = 100 * score;
    return value < 0.05 ? "< 0.1 %" : value.toFixed(1) + " %";
  }

  function add(files) {
    if (files.length === 0) {
      status.textContent = "There was no file in it.";
      return;
    }
    for (const file of files) waiting.push({ file, card: card(file) });
    next();
  }

  function next() {
    while (running < mostAtOnce && waiting.length > 0) {
      const { file, card } = waiting.shift();
      running++;
      classify(file)
        .then(answer => show(card, file, answer), error => fail(card, file, error.message))
        .finally(() => { running--; next(); });
    }
  }

  function card(file) {
    const item = make("li");
    const photo = make("div", "photo");
    const image = make("img");
    image.alt = "";
    image.src = URL.createObjectURL(file);
    image.addEventListener("error", () => photo.replaceChildren("no preview"));
    photo.append(image);
    const body = make("div");
    const heading = make("h2");
    heading.append(foreign(file.name || "pasted image"));
    body.append(heading, make("p", "waiting", "Looking at it …"));
    item.append(photo, body);
    item.release = () => URL.revokeObjectURL(image.src);
    results.prepend(item);
    while (results.children.length > mostCards) {
      results.lastElementChild.release();
      results.lastElementChild.remove();
    }
    return item;
  }

  async function classify(file) {
    let response = await send(file);
    if (response.status === 415) {
      // The browser may know a format that the server does not.
      const converted = await convert(file);
      if (converted) response = await send(converted);
    }
    let answer;
    try {
      answer = await response.json();
    } catch {
      throw new Error("The server answered with status " + response.status + ".");
    }
    if (!response.ok) throw new Error(answer.detail || answer.title || "The server answered with status " + response.status + ".");
    return answer;
  }

  async function send(blob) {
    const type = blob.type.startsWith("image/") ? blob.type : "application/octet-stream";
    for (let tries = 1; ; tries++) {
      let response;
      try {
        response = await fetch(address, { method: "POST", headers: { "Content-Type": type }, body: blob });
      } catch {
        throw new Error("The server did not answer.");
      }
      if (response.status !== 503 || tries === mostTries) return response;
      await new Promise(resolve => setTimeout(resolve, 1000 * tries));
    }
  }

  async function convert(file) {
    try {
      const bitmap = await createImageBitmap(file);
      const canvas = document.createElement("canvas");
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      canvas.getContext("2d").drawImage(bitmap, 0, 0);
      bitmap.close();
      return await new Promise(resolve => canvas.toBlob(resolve, "image/png"));
    } catch {
      return null;
    }
  }

  function show(card, file, answer) {
    const body = card.lastElementChild;
    const name = file.name || "pasted image";
    const heading = make("h2");
    heading.append(foreign(answer.label));
    const line = make("p", "file");
    line.append(foreign(name));
    const classes = make("ol", "classes");
    for (const entry of answer.top) {
      const row = make("li");
      const label = make("span");
      label.append(foreign(entry.label));
      const bar = make("span", "bar");
      bar.setAttribute("aria-hidden", "true");
      const filled = make("span");
      filled.style.width = "0";
      requestAnimationFrame(() => { filled.style.width = 100 * entry.score + "%"; });
      bar.append(filled);
      row.append(label, make("span", "percent", percent(entry.score)), bar);
      classes.append(row);
    }
    body.replaceChildren(heading, line, classes);
    card.firstElementChild.firstElementChild?.setAttribute("alt", "the photo " + name);
    status.textContent = name + ": " + answer.label + ", " + percent(answer.score);
  }

  function fail(card, file, message) {
    card.lastElementChild.lastElementChild.remove();
    card.lastElementChild.append(make("p", "error", message));
    status.textContent = (file.name || "pasted image") + ": " + message;
  }

  input.addEventListener("change", () => {
    add([...input.files]);
    input.value = "";
  });

  // Enter and leave come for every element on the way; only their balance tells.
  let inside = 0;
  const hasFiles = event => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  document.addEventListener("dragenter", event => {
    if (!hasFiles(event)) return;
    inside++;
    document.body.classList.add("over");
  });
  document.addEventListener("dragleave", event => {
    if (hasFiles(event) && --inside <= 0) document.body.classList.remove("over");
  });
  document.addEventListener("dragover", event => { if (hasFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", event => {
    inside = 0;
    document.body.classList.remove("over");
    if (!event.dataTransfer) return;
    event.preventDefault();
    add([...event.dataTransfer.files]);
  });
  document.addEventListener("paste", event => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) add(files);
  });
})();
