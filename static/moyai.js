// The little script there is. Every page works without it.
(() => {
  "use strict";
  const KEY = "moyai.yen";

  // Amounts in 億・万 instead of grouped digits, as the reader last chose.
  function readYen(kanji, root) {
    for (const amount of root.querySelectorAll("data.yen")) {
      amount.dataset.plain ??= amount.textContent;
      amount.textContent = kanji ? amount.dataset.kanji : amount.dataset.plain;
    }
  }
  function offerYen() {
    const toggle = document.querySelector("[data-yen-toggle]");
    if (!toggle || !document.querySelector("data.yen")) return;
    const show = () => {
      const kanji = localStorage.getItem(KEY) === "kanji";
      toggle.setAttribute("aria-pressed", String(kanji));
      readYen(kanji, document);
    };
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      localStorage.setItem(KEY, localStorage.getItem(KEY) === "kanji" ? "plain" : "kanji");
      show();
    });
    show();
    document.addEventListener("htmx:afterSwap", show);
  }

  // "/" goes to the search, Escape closes what was opened in place.
  function listenToKeys(event) {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      const search = document.getElementById("q");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if (event.key === "Escape") {
      const opened = event.target.closest("details[open].who, details[open].confirm");
      if (opened) { opened.open = false; opened.querySelector("summary").focus(); }
    }
  }

  // Cells copied from a spreadsheet fill the inputs of a table from the one they were pasted into.
  function pasteCells(event) {
    const start = event.target.closest("table[data-paste] input");
    const text = event.clipboardData && event.clipboardData.getData("text/plain");
    if (!start || !text || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    const rows = [...start.closest("table").tBodies[0].rows].map((row) => [...row.querySelectorAll("input:not([type=hidden])")]);
    const top = rows.findIndex((cells) => cells.includes(start));
    const left = rows[top].indexOf(start);
    text.trimEnd().split(/\r?\n/).forEach((line, down) => line.split("\t").forEach((value, right) => {
      const cell = (rows[top + down] || [])[left + right];
      if (cell) cell.value = value.trim();
    }));
    start.dispatchEvent(new Event("input", { bubbles: true })); // so that what is reckoned while one types sees it
  }

  // Steps on rows send the form and bring it back changed. What is typed while one is under way is not lost: the step is
  // then asked again of what stands there by now. A step pressed meanwhile is done next, on the row it was meant for.
  const STEPS = "[hx-target='#part']";
  const step = { under: null, form: null, sent: "", next: [], field: null };
  const typed = (form) => new URLSearchParams(new FormData(form)).toString();
  const meant = (button) => button.getAttribute("aria-label") || button.value;
  function beginStep(event) {
    const { elt, target } = event.detail;
    if (target?.id === "part" && elt.form) Object.assign(step, { under: elt, form: elt.form, sent: typed(elt.form), field: null });
  }
  function queueStep(event) {
    const pressed = event.target.closest(STEPS);
    if (!step.under || !pressed || pressed.matches("select")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    step.next.push(meant(pressed));
  }
  function overtaken(event) {
    const { under, form, sent } = step;
    if (!under || event.detail.target?.id !== "part") return;
    if (typed(form) !== sent) {
      event.detail.shouldSwap = false;
      step.under = null;
      setTimeout(() => window.htmx.trigger(under, under.matches("select") ? "change" : "click"));
      return;
    }
    const field = document.activeElement;
    if (field !== under && field.matches("#part :is(input, textarea, select)")) {
      step.field = { id: field.id, value: field.value, caret: field.selectionStart };
    }
  }
  function endStep(event) {
    if (!step.under || event.detail.target?.id !== "part") return;
    const { field } = step;
    step.under = null;
    if (field) {
      const column = field.id.replace(/^\w+-\d+-/, "-");
      const rows = [document.getElementById(field.id), ...document.querySelectorAll(`#part [id$="${column}"]`)];
      const found = rows.find((one) => one && one.value === field.value);
      found?.focus();
      if (found && field.caret !== null) found.setSelectionRange?.(field.caret, field.caret);
    }
    const next = step.next.shift();
    if (next) [...document.querySelectorAll(`#part ${STEPS}`)].find((one) => meant(one) === next)?.click();
  }
  function dropStep() {
    Object.assign(step, { under: null, next: [] });
  }

  document.addEventListener("keydown", listenToKeys);
  document.addEventListener("paste", pasteCells);
  document.addEventListener("click", queueStep, true);
  document.addEventListener("htmx:beforeRequest", beginStep);
  document.addEventListener("htmx:beforeSwap", overtaken);
  document.addEventListener("htmx:afterSettle", endStep);
  document.addEventListener("htmx:sendError", dropStep);
  document.addEventListener("htmx:responseError", dropStep);
  document.addEventListener("DOMContentLoaded", () => {
    offerYen();
    document.querySelector(".notice.summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
