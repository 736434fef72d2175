"use strict";
// Draws the matrix from the record in this page: a row for each theme or chapter, a column for each
// broker; an open row lists its tests with a link into each broker's report.
(() => {
  const { el, sign } = window.gauntletEvidence;
  const root = document.documentElement;
  const matrix = JSON.parse(document.getElementById("matrix").textContent);
  const table = document.querySelector(".matrix table");
  const form = document.querySelector(".filters");
  const gravity = ["fail", "unstable", "blocked", "inconclusive", "variant", "skipped", "pass"];
  const words = { fail: "failed", unstable: "unstable", blocked: "blocked: the set-up failed", inconclusive: "inconclusive", variant: "variant: another reading permits it", skipped: "skipped", pass: "passed", not_run: "not run" };
  const rows_max = 300;
  const open = new Set();
  const count = (value) => value.toLocaleString("en");
  const haystacks = new Map(matrix.tests.map((test) =>
    [test, [test.id, test.title, test.theme, ...(test.findings || []).map((each) => each.text)].join("\n").toLowerCase()]));

  // ---- filters ----

  const is_bad = (verdict) => verdict === "fail" || verdict === "unstable";
  const show = {
    "": () => true,
    failed: (test) => test.verdicts.some(is_bad),
    differ: (test) => new Set(test.verdicts.filter((verdict) => verdict !== "not_run" && verdict !== "skipped")).size > 1,
  };
  const shown_tests = () => {
    const text = form.elements.text.value.trim().toLowerCase();
    const version = form.elements.version.value;
    return matrix.tests.filter((test) => (!version || test.version === version) && show[form.elements.show.value](test) &&
      text.split(/\s+/).every((word) => haystacks.get(test).includes(word)));
  };
  const row_name = (test) => {
    if (form.elements.rows.value === "theme") return test.theme || "Other";
    const parts = (test.chapter || "").split(".");
    return parts[0] ? "\u00a7" + parts.slice(0, 2).join(".") : "other";
  };

  // ---- heading ----

  const address = (column, test) => column.report ? column.report + (test ? "#" + encodeURI(`${test.version}:${test.id}`) : "") : "";
  const heading = (column) => {
    const name = el("span", "name");
    if (column.report) {
      const made = el("a", "", column.name);
      made.href = column.report;
      name.append(made);
    } else name.append(column.name);
    const kept = column.totals.filter((totals) => totals.numbered_tested > 0).map((totals) =>
      el("span", "kept-line", totals.version, el("span", "", el("b", "", String(totals.numbered_kept)), ` of ${totals.numbered_testable} kept`)));
    const made = el("th", "", name, el("small", "", column.product), ...kept,
      column.ending === "complete" ? null : el("small", "alarm", "the run did not complete"));
    made.scope = "col";
    return made;
  };
  const draw_heading = () => {
    const first = el("th", "", "");
    first.scope = "col";
    table.append(el("thead", "", el("tr", "", first, ...matrix.columns.map(heading))));
  };

  // ---- cells ----

  const counts_of = (tests, column) => {
    const counts = new Map();
    for (const test of tests) {
      const verdict = test.verdicts[column];
      counts.set(verdict, (counts.get(verdict) || 0) + 1);
    }
    return counts;
  };
  const cell_of = (tests, column, toggle) => {
    const counts = counts_of(tests, column);
    const of = (...verdicts) => verdicts.reduce((sum, verdict) => sum + (counts.get(verdict) || 0), 0);
    const ran = tests.length - of("not_run", "skipped");
    const made = el("td", "cell");
    made.addEventListener("click", toggle);
    if (ran === 0) {
      made.append(el("span", "line none", of("skipped") ? "skipped" : "not run"));
      return made;
    }
    const bad = of("fail", "unstable");
    const undecided = of("blocked", "inconclusive");
    made.append(el("span", "line",
      el("span", of("pass") === ran ? "all" : "", of("pass") === ran ? count(ran) : `${count(of("pass"))} of ${count(ran)}`),
      bad ? el("span", "bad", `${count(bad)} failed`) : undecided ? el("span", "open-question", `${count(undecided)} undecided`) : null));
    const bar = el("div", "bar");
    for (const verdict of gravity) {
      if (!counts.get(verdict)) continue;
      const part = el("span", verdict);
      part.style.flexGrow = counts.get(verdict);
      bar.append(part);
    }
    made.append(bar);
    return made;
  };
  const test_row = (test) => {
    const head = el("th", "", test.title, " ", el("span", "chip", test.version), test.level === "should" ? el("span", "chip", "SHOULD") : null, el("span", "id mono", test.id));
    head.scope = "row";
    const cells = matrix.columns.map((column, i) => {
      const verdict = test.verdicts[i];
      const finding = (test.findings || []).find((each) => each.column === i);
      const content = el(verdict !== "not_run" && column.report ? "a" : "span", "", sign(verdict), el("span", "what", verdict === "pass" ? "" : finding ? finding.text : words[verdict]));
      if (content.tagName === "A") content.href = address(column, test);
      content.title = words[verdict];
      return el("td", verdict, content);
    });
    return el("tr", "test-row", head, ...cells);
  };
  const group_of = (name, tests) => {
    const body = el("tbody", "");
    body.dataset.row = name;
    const toggle = () => {
      if (open.has(name)) open.delete(name);
      else open.add(name);
      draw_row();
    };
    const draw_row = () => {
      const is_open = open.has(name);
      const button = el("button", "", el("span", "", name), el("small", "", `${count(tests.length)} tests`));
      button.type = "button";
      button.setAttribute("aria-expanded", String(is_open));
      button.addEventListener("click", toggle);
      const head = el("th", "", button);
      head.scope = "rowgroup";
      body.replaceChildren(el("tr", "theme-row", head, ...matrix.columns.map((_, i) => cell_of(tests, i, toggle))));
      if (!is_open) return;
      const worst = (test) => Math.min(...test.verdicts.map((verdict) => (gravity.indexOf(verdict) + 99) % 99));
      body.append(...[...tests].sort((a, b) => worst(a) - worst(b)).slice(0, rows_max).map(test_row));
      if (tests.length > rows_max) {
        const note = el("th", "", `${count(tests.length - rows_max)} more; search to narrow them down`);
        body.append(el("tr", "test-row", note));
      }
    };
    draw_row();
    return body;
  };
  const draw = () => {
    const tests = shown_tests();
    const groups = new Map();
    for (const test of tests) groups.set(row_name(test), [...(groups.get(row_name(test)) || []), test]);
    for (const body of table.querySelectorAll("tbody")) body.remove();
    const by_name = ([a], [b]) => a.localeCompare(b, "en", { numeric: true });
    table.append(...[...groups].sort(by_name).map(([name, some]) => group_of(name, some)));
    form.elements.shown.value = `${count(tests.length)} of ${count(matrix.tests.length)} tests`;
    root.dataset.shownTests = String(tests.length);
  };
  const draw_capabilities = () => {
    const names = [...new Set(matrix.columns.flatMap((column) => column.capabilities.map((each) => each.name)))];
    if (names.length === 0) return;
    const heads = matrix.columns.map((column) => el("th", "", column.name));
    const rows = names.map((name) => el("tr", "", el("th", "", name), ...matrix.columns.map((column) => {
      const found = column.capabilities.find((each) => each.name === name);
      const made = el("td", "", found ? found.value : "\u2013");
      if (found) made.title = "known from: " + found.source;
      return made;
    })));
    document.querySelector(".abilities").append(el("thead", "", el("tr", "", el("th", ""), ...heads)), el("tbody", "", ...rows));
    document.getElementById("capabilities").hidden = false;
  };
  form.addEventListener("input", draw);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.querySelector(".signs-legend").append(...[...gravity, "not_run"].map((verdict) => el("li", verdict, sign(verdict), words[verdict])));
  draw_heading();
  draw();
  draw_capabilities();
  root.dataset.ready = "true";
})();
