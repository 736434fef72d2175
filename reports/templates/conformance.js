"use strict";
// Lists tests and statements from the record in this page, with filters, and opens what the address
// names: #5.0:MQTT-3.1.0-2/second-connect, #filter?version=5.0&verdict=fail, #statements?show=broken.
(() => {
  const { el, sign, duration, of: evidence_of } = window.gauntletEvidence;
  const root = document.documentElement;
  const run = JSON.parse(document.getElementById("result").textContent);
  const verdicts = ["fail", "unstable", "blocked", "inconclusive", "variant", "skipped", "pass"];
  const words = { fail: "failed", unstable: "unstable", blocked: "blocked", inconclusive: "inconclusive", variant: "variant", skipped: "skipped", pass: "passed", not_run: "not tested" };
  const rows_max = 200;
  const key_of = (each) => each.version + ":" + each.id;
  const count = (value) => value.toLocaleString("en");

  for (const test of run.tests) test.theme = test.theme || "Other";
  const tests = new Map(run.tests.map((test) => [key_of(test), test]));
  const statements = new Map(run.statements.map((each) => [key_of(each), each]));
  const statement_of = (name) => statements.get(key_of(name));
  const versions = [...new Set(run.tests.map((test) => test.version))].sort();
  const themes = [...new Set(run.tests.map((test) => test.theme))].sort((a, b) => a.localeCompare(b));

  const finding_of = (test) => test.divergence ? `${test.divergence.observed} in place of ${test.divergence.expected}` : test.reason || "";
  const haystack_of = (test) => [test.id, test.title, test.theme, test.chapter || "", finding_of(test), test.divergence ? test.divergence.signature : "",
    ...test.statements.map((name) => name.id)].join("\n").toLowerCase();
  const haystacks = new Map(run.tests.map((test) => [test, haystack_of(test)]));

  // ---- filters ----

  const form = document.querySelector("#tests .filters");
  const list = document.querySelector(".themes");
  const option = (value) => new Option(value, value);
  form.elements.version.append(...versions.map(option));
  form.elements.theme.append(...themes.map(option));
  const totals = new Map(verdicts.map((verdict) => [verdict, run.tests.filter((test) => test.verdict === verdict).length]));
  for (const verdict of verdicts.filter((each) => totals.get(each) > 0)) {
    const box = el("input");
    Object.assign(box, { type: "checkbox", name: "verdict", value: verdict });
    form.querySelector(".verdicts").append(el("label", "toggle " + verdict, box, sign(verdict), `${words[verdict]} ${count(totals.get(verdict))}`));
  }
  const boxes = () => [...form.querySelectorAll("[name=verdict]")];
  const state = () => ({
    text: form.elements.text.value.trim().toLowerCase(), version: form.elements.version.value, theme: form.elements.theme.value,
    kind: form.elements.kind.value, verdicts: boxes().filter((box) => box.checked).map((box) => box.value),
  });
  const is_narrow = (now) => now.text || now.version || now.theme || now.kind || now.verdicts.length > 0;
  const passes_filter = (test, now) =>
    (now.verdicts.length === 0 || now.verdicts.includes(test.verdict)) &&
    (!now.version || test.version === now.version) && (!now.theme || test.theme === now.theme) &&
    (!now.kind || (test.kind || "scenario") === now.kind) &&
    now.text.split(/\s+/).every((word) => haystacks.get(test).includes(word));
  const by_gravity = (a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict);

  // ---- tests ----

  const toggle = (node, test, open) => {
    const is_open = node.hasAttribute("data-open");
    if (is_open === open) return;
    node.toggleAttribute("data-open", open);
    node.querySelector(".row").setAttribute("aria-expanded", String(open));
    if (open) node.append(evidence_of(test, statement_of));
    else node.querySelector(".evidence").remove();
  };
  const row_of = (test) => {
    const button = el("button", "row", sign(test.verdict),
      el("span", "title", test.title, el("span", "id mono", test.id), test.verdict === "pass" ? null : el("span", "finding", finding_of(test))),
      el("span", "chip", test.version), el("span", "took", test.level === "should" ? "SHOULD \u00b7 " : "", duration(test.took_ns)));
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    const node = el("div", "test " + test.verdict, button);
    node.id = key_of(test);
    button.addEventListener("click", () => {
      const open = !node.hasAttribute("data-open");
      toggle(node, test, open);
      if (open) history.replaceState(null, "", "#" + key_of(test));
    });
    return node;
  };
  const fill = (into, some, from = 0) => {
    into.append(...some.slice(from, from + rows_max).map(row_of));
    if (from + rows_max >= some.length) return;
    const more = el("button", "more", `Show more of ${count(some.length)} tests`);
    more.type = "button";
    more.addEventListener("click", () => { more.remove(); fill(into, some, from + rows_max); });
    into.append(more);
  };
  const bar_of = (some) => {
    const bar = el("div", "bar");
    for (const verdict of verdicts) {
      const size = some.filter((test) => test.verdict === verdict).length;
      if (size === 0) continue;
      const part = el("span", verdict);
      part.style.flexGrow = size;
      bar.append(part);
    }
    return bar;
  };
  const tally_of = (some) => {
    const tally = el("span", "tally");
    for (const verdict of verdicts) {
      const size = some.filter((test) => test.verdict === verdict).length;
      if (size > 0) tally.append(tally.childNodes.length ? ", " : "", el(verdict === "pass" ? "span" : "b", verdict === "pass" ? "passed" : verdict, `${count(size)} ${words[verdict]}`));
    }
    return tally;
  };
  const theme_of = (name, some, open) => {
    const made = el("details", "theme", el("summary", "", el("span", "name", name), tally_of(some), bar_of(some)));
    made.dataset.theme = name;
    const content = el("div", "");
    made.append(content);
    const build = () => { if (!content.hasChildNodes()) fill(content, some); };
    made.addEventListener("toggle", build);
    if (open) { made.open = true; build(); }
    return made;
  };
  const show_tests = () => {
    const now = state();
    const shown = run.tests.filter((test) => passes_filter(test, now)).sort(by_gravity);
    const narrow = is_narrow(now);
    const by_theme = new Map();
    for (const test of shown) by_theme.set(test.theme, [...(by_theme.get(test.theme) || []), test]);
    list.replaceChildren(...themes.filter((theme) => by_theme.has(theme)).map((theme) =>
      theme_of(theme, by_theme.get(theme), narrow && shown.length <= rows_max)));
    form.elements.shown.value = narrow ? `${count(shown.length)} of ${count(run.tests.length)} tests` : `${count(run.tests.length)} tests`;
    form.querySelector("[type=reset]").hidden = !narrow;
    root.dataset.shownTests = String(shown.length);
  };
  const set_filters = (wanted) => {
    for (const name of ["text", "version", "theme", "kind"]) form.elements[name].value = wanted.get(name) || "";
    const chosen = wanted.getAll("verdict");
    for (const box of boxes()) box.checked = chosen.includes(box.value);
    show_tests();
  };
  form.addEventListener("input", show_tests);
  form.addEventListener("reset", () => setTimeout(show_tests));
  form.addEventListener("submit", (event) => event.preventDefault());

  // ---- statements ----

  const statement_form = document.querySelector("#statements .filters");
  const chapters = document.querySelector(".chapters");
  statement_form.elements.version.append(...[...new Set(run.statements.map((each) => each.version))].sort().map(option));
  const is_kept = (each) => ["pass", "variant"].includes(each.verdict);
  const is_broken = (each) => ["fail", "unstable"].includes(each.verdict);
  const show_of = {
    "": () => true, kept: is_kept, broken: is_broken, hidden: (each) => !each.testable,
    untested: (each) => each.testable && !is_kept(each) && !is_broken(each) && each.verdict !== "inconclusive",
  };
  const statement_row = (each) => {
    const filter = el("button", "", `${each.passed} of ${each.tests} tests passed`);
    filter.type = "button";
    filter.addEventListener("click", () => { location.hash = `#filter?version=${each.version}&text=${encodeURIComponent(each.id)}`; });
    const place = window.gauntletEvidence.link(each.link, "\u00a7" + each.section);
    return el("div", "statement " + each.verdict, sign(each.verdict),
      el("span", "", el("span", "mono", each.id), " ", el("span", "chip", each.version)),
      el("span", "text", each.says, " ", each.link ? place : place.textContent, each.why_not ? el("span", "why-not", "Not visible from outside: " + each.why_not) : null),
      el("span", "count", each.tests ? filter : each.testable ? "no test ran" : ""));
  };
  const show_statements = (open) => {
    const version = statement_form.elements.version.value;
    const show = statement_form.elements.show.value;
    const shown = run.statements.filter((each) => (!version || each.version === version) && show_of[show](each));
    const by_chapter = new Map();
    for (const each of shown) {
      const name = `MQTT ${each.version}, ` + (each.section.startsWith("3.") ? `\u00a7${each.section.split(".").slice(0, 2).join(".")}` : `chapter ${each.section.split(".")[0]}`);
      by_chapter.set(name, [...(by_chapter.get(name) || []), each]);
    }
    chapters.replaceChildren(...[...by_chapter].map(([name, some]) => {
      const kept = some.filter(is_kept).length;
      const testable = some.filter((each) => each.testable).length;
      const made = el("details", "theme", el("summary", "", el("span", "name", name), el("span", "tally", `${kept} of ${testable} testable kept`), bar_of(some)));
      made.addEventListener("toggle", () => { if (made.children.length === 1) made.append(...some.map(statement_row)); });
      if (open && shown.length <= rows_max) { made.append(...some.map(statement_row)); made.open = true; }
      return made;
    }));
    statement_form.elements.shown.value = `${count(shown.length)} ${shown.length === 1 ? "statement" : "statements"}`;
  };
  statement_form.addEventListener("input", () => show_statements(true));
  statement_form.addEventListener("submit", (event) => event.preventDefault());

  // ---- causes ----

  for (const group of document.querySelectorAll(".cause")) {
    group.addEventListener("toggle", () => {
      if (group.children.length > 1) return;
      const items = run.groups[Number(group.dataset.group)].tests.map((name) => {
        const made = el("a", "mono", name.id);
        made.href = "#" + key_of(name);
        return el("li", "", made, " ", el("span", "chip", name.version));
      });
      group.append(el("ul", "", ...items));
    });
  }

  // ---- what the address names ----

  const open_test = (test) => {
    const now = state();
    if (!passes_filter(test, now)) set_filters(new URLSearchParams());
    const theme = [...list.children].find((each) => each.dataset.theme === test.theme);
    theme.open = true;
    const content = theme.lastElementChild;
    if (!content.hasChildNodes()) fill(content, run.tests.filter((each) => each.theme === test.theme && passes_filter(each, state())).sort(by_gravity));
    let node = document.getElementById(key_of(test));
    if (!node) {
      node = row_of(test);
      content.prepend(node);
    }
    toggle(node, test, true);
    node.scrollIntoView({ block: "start" });
  };
  const follow = () => {
    const [where, query = ""] = location.hash.slice(1).split("?");
    const hash = decodeURIComponent(location.hash.slice(1));
    if (where === "filter") {
      set_filters(new URLSearchParams(query));
      document.getElementById("tests").scrollIntoView();
    } else if (where === "statements" && query) {
      const wanted = new URLSearchParams(query);
      statement_form.elements.version.value = wanted.get("version") || "";
      statement_form.elements.show.value = wanted.get("show") || "";
      show_statements(true);
      document.getElementById("statements").scrollIntoView();
    } else if (hash) {
      const of_that_id = run.tests.filter((test) => test.id === hash).sort(by_gravity);
      const test = tests.get(hash) || of_that_id[0];
      if (test) open_test(test);
    }
  };
  show_tests();
  show_statements(false);
  window.addEventListener("hashchange", follow);
  follow();
  root.dataset.ready = "true";
})();
