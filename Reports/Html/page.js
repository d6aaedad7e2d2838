"use strict";
(() => {
  // Tips: what a title says, shown at once, for the mouse, the finger and the keyboard alike.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  tip.hidden = true;
  document.body.append(tip);

  const words = new WeakMap();
  function wordsOf(element) {
    if (!words.has(element)) {
      const title = element.querySelector(":scope > title");
      words.set(element, title ? title.textContent : element.getAttribute("title") || "");
      if (title) title.remove();
      else element.removeAttribute("title");
    }
    return words.get(element);
  }

  const tipped = ".bands rect, .matrix td[title], .matrix td[data-tipped], bdi[title], bdi[data-tipped], .missing";
  function show(element, x, y) {
    tip.textContent = wordsOf(element);
    if (!(element instanceof SVGElement)) element.setAttribute("data-tipped", "");
    tip.hidden = tip.textContent === "";
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(8, Math.min(x + 14, innerWidth - box.width - 8)) + "px";
    tip.style.top = (y + 20 + box.height > innerHeight ? Math.max(4, y - box.height - 12) : y + 18) + "px";
  }
  function hide() { tip.hidden = true; }

  document.addEventListener("pointermove", event => {
    const element = event.target instanceof Element ? event.target.closest(tipped) : null;
    if (element) show(element, event.clientX, event.clientY);
    else hide();
  });
  document.addEventListener("pointerdown", event => {
    const element = event.target instanceof Element ? event.target.closest(tipped) : null;
    if (element) show(element, event.clientX, event.clientY);
  });
  document.addEventListener("scroll", hide, true);
  document.addEventListener("keydown", event => { if (event.key === "Escape") hide(); });

  function showAt(element) {
    const box = element.getBoundingClientRect();
    show(element, box.left + box.width / 2, box.top + Math.min(box.height / 3, 60));
  }

  // A chart's own title would cover the tips of its epochs.
  for (const chart of document.querySelectorAll("svg.chart")) {
    const title = chart.querySelector(":scope > title");
    if (title) {
      chart.setAttribute("aria-label", title.textContent);
      chart.removeAttribute("aria-labelledby");
      title.remove();
    }
    const bands = [...chart.querySelectorAll(".bands rect")];
    if (bands.length === 0) continue;
    let at = -1;
    const mark = index => {
      if (at >= 0) bands[at].classList.remove("here");
      at = index;
      if (at >= 0) { bands[at].classList.add("here"); showAt(bands[at]); }
    };
    chart.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) mark(Math.max(0, Math.min(bands.length - 1, at + step)));
      else if (event.key === "Home") mark(0);
      else if (event.key === "End") mark(bands.length - 1);
      else return;
      event.preventDefault();
    });
    chart.addEventListener("blur", () => { mark(-1); hide(); });
  }

  // Tables: a click on a heading sorts by its column, a second one the other way round.
  const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  function valueOf(cell) { return cell.hasAttribute("data-value") ? cell.getAttribute("data-value") : cell.textContent.trim(); }
  function compare(a, b) {
    const [x, y] = [parseFloat(a), parseFloat(b)];
    const areNumbers = a !== "" && b !== "" && !isNaN(Number(a.replace(/[ %,]/g, ""))) && !isNaN(Number(b.replace(/[ %,]/g, "")));
    return areNumbers ? x - y : names.compare(a, b);
  }
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const rows = [...table.tBodies[0].rows];
        const isDown = head.getAttribute("aria-sort") === "ascending"
          || (!head.hasAttribute("aria-sort") && column > 0 && rows.length > 0 && !isNaN(parseFloat(valueOf(rows[0].cells[column]))));
        heads.forEach(other => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
        rows.sort((a, b) => (isDown ? -1 : 1) * compare(valueOf(a.cells[column]), valueOf(b.cells[column])));
        table.tBodies[0].append(...rows);
      });
    });
  }

  // The confusion matrix: rows and columns in one order.
  const matrix = document.getElementById("matrix");
  const order = document.getElementById("matrix-order");
  if (matrix && order) {
    const head = matrix.tHead.rows[0];
    const rows = [...matrix.tBodies[0].rows];
    const columns = rows.map(row => [...row.cells].slice(1));
    const heads = [...head.cells].slice(1);
    const indices = rows.map((_, index) => index);
    const name = index => valueOf(rows[index].cells[0]);
    const errors = index => Number(rows[index].getAttribute("data-errors"));
    const orders = {
      "as trained": () => indices,
      "by name": () => [...indices].sort((a, b) => names.compare(name(a), name(b))),
      "most errors first": () => [...indices].sort((a, b) => errors(b) - errors(a) || a - b),
    };
    const label = document.createElement("label");
    label.textContent = "Order ";
    const select = document.createElement("select");
    for (const text of Object.keys(orders)) select.add(new Option(text));
    label.append(select);
    order.append(label);
    select.addEventListener("change", () => {
      const sorted = orders[select.value]();
      head.append(...sorted.map(index => heads[index]));
      for (const index of indices) rows[index].append(...sorted.map(column => columns[index][column]));
      matrix.tBodies[0].append(...sorted.map(index => rows[index]));
    });

    // One cell can be reached by the keyboard; the arrows move on from it.
    let here = null;
    const go = cell => {
      if (here) { here.classList.remove("here"); here.removeAttribute("tabindex"); }
      here = cell;
      here.tabIndex = 0;
      here.classList.add("here");
      here.focus({ preventScroll: false });
      if (wordsOf(here)) showAt(here);
      else hide();
    };
    if (rows.length > 0) columns[0][0].tabIndex = 0;
    here = rows.length > 0 ? columns[0][0] : null;
    matrix.addEventListener("keydown", event => {
      const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
      if (!step || !here) return;
      const row = matrix.tBodies[0].rows[here.parentElement.sectionRowIndex + step[0]];
      const cell = row && row.cells[here.cellIndex + step[1]];
      if (cell && cell.tagName === "TD") go(cell);
      event.preventDefault();
    });
    matrix.addEventListener("focusout", hide);
  }

  // Comparisons: the row under the pointer lights up its lines.
  for (const row of document.querySelectorAll("tr[data-run]")) {
    const lines = [...document.querySelectorAll("g[data-series]")].filter(line => line.getAttribute("data-series") === row.getAttribute("data-run"));
    const light = isOn => {
      row.classList.toggle("lit", isOn);
      for (const line of lines) {
        line.classList.toggle("lit", isOn);
        line.closest("svg").classList.toggle("picking", isOn);
      }
    };
    row.addEventListener("pointerenter", () => light(true));
    row.addEventListener("pointerleave", () => light(false));
    row.addEventListener("focusin", () => light(true));
    row.addEventListener("focusout", () => light(false));
  }
})();
