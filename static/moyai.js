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
  }

  document.addEventListener("keydown", listenToKeys);
  document.addEventListener("paste", pasteCells);
  document.addEventListener("DOMContentLoaded", () => {
    offerYen();
    document.querySelector(".notice.summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
