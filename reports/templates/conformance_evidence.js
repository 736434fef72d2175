"use strict";
// Builds what a test shows when it is opened: statements, finding, transcript, reproducer. All text
// goes in as text, never as markup.
window.gauntletEvidence = (() => {
  const el = (tag, classes, ...children) => {
    const made = document.createElement(tag);
    if (classes) made.className = classes;
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  };
  const sign = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "sign");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", name);
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", "#sign-" + name);
    svg.append(use);
    return svg;
  };
  const link = (href, text) => {
    const made = el("a", "", text);
    made.href = href;
    made.rel = "noreferrer";
    return made;
  };
  const duration = (ns) => {
    const units = [[1e9, "s"], [1e6, "ms"], [1e3, "\u00b5s"]];
    const [size, unit] = units.find(([least]) => Math.abs(ns) >= least) || [1, "ns"];
    return Number((ns / size).toPrecision(3)).toLocaleString("en") + "\u202f" + unit;
  };
  const clock = (ns) => (ns / 1e6).toLocaleString("en", { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  const block = (title, ...children) => el("div", "", el("h3", "", title), ...children);

  // ---- statements and finding ----

  const rule = (statement, name) => {
    const made = el("p", "rule", statement ? statement.says : name.id);
    if (!statement) return made;
    const place = link(statement.link, `MQTT ${statement.version} \u00a7${statement.section} ${statement.title}`);
    made.append(el("small", "", el("span", "mono", statement.id), " \u00b7 ", statement.link ? place : place.textContent, " \u00b7 " + statement.level));
    return made;
  };
  const pair = (expected, observed) => el("dl", "finding-pair",
    el("div", "", el("dt", "", "Expected"), el("dd", "", expected)),
    el("div", "seen", el("dt", "", "Observed"), el("dd", "", observed)));
  const finding = (test) => {
    const parts = [];
    if (test.divergence) parts.push(pair(test.divergence.expected, test.divergence.observed));
    if (test.reason && !(test.divergence && test.reason.includes(test.divergence.observed))) parts.push(el("p", "", test.reason));
    if (test.runs > 1) parts.push(el("p", "", `${test.passes || 0} of ${test.runs} runs passed.`));
    return parts.length ? [block("Finding" + (test.divergence && test.divergence.client ? ` on the connection \u201c${test.divergence.client}\u201d` : ""), ...parts)] : [];
  };
  const manners = (test) => (test.manners || []).length === 0 ? [] : [block("Manner, which is no failure",
    el("ul", "", ...test.manners.map((each) => el("li", "", "Expected ", el("strong", "", each.expected), ", observed ", el("strong", "", each.observed)))))];
  const breaches = (test) => (test.breaches || []).length === 0 ? [] : [block("Invariants that a packet broke",
    el("ul", "", ...test.breaches.map((each) => el("li", "", el("strong", "", each.sentence), ` (${each.id}) on \u201c${each.client}\u201d after ${duration(each.at_ns)}: ${each.packet} `, el("span", "mono", spaced(each.hex || ""))))))];

  // ---- transcript ----

  const spaced = (hex) => hex.replace(/\s/g, "").replace(/(..)(?=.)/g, "$1 ");
  const hex_shown_max = 64;
  const hex_of = (entry) => {
    if (!entry.hex) return null;
    const digits = entry.hex.replace(/\s/g, "");
    const bytes = digits.length / 2;
    const made = el("span", "hex mono");
    const show = (count) => {
      made.replaceChildren(spaced(digits.slice(0, 2 * count)));
      if (count < bytes) {
        const more = el("button", "more-hex", ` \u2026 all ${bytes} bytes`);
        more.addEventListener("click", () => show(bytes));
        made.append(more);
      } else if (entry.size_bytes > bytes) {
        made.append(` \u2026 of ${entry.size_bytes} bytes`);
      }
    };
    show(Math.min(bytes, hex_shown_max));
    return made;
  };
  const kinds = {
    opened: ["quiet", "", "connection opened"], open_failed: ["end", "", "no connection"],
    sent: ["sent", "\u2192", ""], received: ["received", "\u2190", ""],
    peer_finished: ["end", "\u2190", "the broker closed the connection"], peer_reset: ["end", "\u2190", "the connection was reset"],
    we_closed: ["quiet", "\u2192", "closed by the test"], we_aborted: ["quiet", "\u2192", "reset by the test"],
    waited: ["quiet", "", "nothing came for"], remark: ["quiet", "", ""],
  };
  const event_of = (entry) => {
    const [style, way, words] = kinds[entry.what] || ["", "", entry.what];
    const made = el("div", "event " + style);
    if (way) made.append(el("span", "way", way));
    const text = entry.text || "";
    const packet = /^[A-Z]{3,}(?= |$)/.exec(text);
    if (words) made.append(words + (text ? (entry.what === "waited" ? " " : ": ") : ""));
    if (packet && !words) made.append(el("span", "packet", packet[0]), text.slice(packet[0].length));
    else made.append(text);
    const hex = hex_of(entry);
    if (hex) made.append(hex);
    return made;
  };

  // Entries of all connections in order of time; each connection has a column of its own.
  const lanes_of = (transcripts, test) => {
    const lanes = el("div", "lanes");
    lanes.style.gridTemplateColumns = `5.5em repeat(${transcripts.length}, minmax(${transcripts.length > 1 ? 260 : 320}px, 1fr))`;
    const place = (node, row, column) => {
      node.style.gridRow = row;
      node.style.gridColumn = column;
      lanes.append(node);
    };
    place(el("div", "time lane-name", "ms"), 1, 1);
    transcripts.forEach((log, i) => place(el("div", "lane-name", log.connection), 1, i + 2));
    const entries = transcripts.flatMap((log, lane) => log.entries.map((entry) => ({ entry, lane })));
    entries.sort((a, b) => a.entry.at_ns - b.entry.at_ns);
    let row = 2;
    for (const { entry, lane } of entries) {
      place(el("div", "time", clock(entry.at_ns)), row, 1);
      place(event_of(entry), row++, lane + 2);
    }
    const left_out = transcripts.filter((log) => log.left_out);
    for (const log of left_out) place(el("div", "event quiet", `${log.left_out} more events were not kept`), row++, transcripts.indexOf(log) + 2);
    if (test.divergence && !(transcripts[0] || {}).attempt) {
      const lane = Math.max(0, transcripts.findIndex((log) => log.connection === test.divergence.client));
      place(el("div", "event diverges", el("strong", "", "Expected here: "), test.divergence.expected), row, lane + 2);
    }
    return el("div", "transcript", lanes);
  };
  const transcripts = (test) => {
    const by_attempt = new Map();
    for (const log of test.transcripts || []) {
      const attempt = log.attempt || 0;
      by_attempt.set(attempt, [...(by_attempt.get(attempt) || []), log]);
    }
    return [...by_attempt.entries()].sort(([a], [b]) => a - b).map(([attempt, logs]) =>
      block(attempt === 0 ? "What went over the wire: \u2192 sent by the test, \u2190 by the broker" : `The same, repeated alone (repetition ${attempt})`, lanes_of(logs, test)));
  };

  // ---- reproducer ----

  const code = (title, text) => {
    if (!text) return [];
    const copy = el("button", "copy", "Copy");
    copy.type = "button";
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        copy.textContent = "Copied";
      } catch {
        const range = document.createRange();
        range.selectNodeContents(copy.previousSibling);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        copy.textContent = "Selected";
      }
      setTimeout(() => { copy.textContent = "Copy"; }, 2000);
    });
    return [block(title, el("div", "code", el("pre", "", text), copy))];
  };
  const reproducer = (test) => {
    const how = test.reproducer || {};
    return [...code("Again, with Gauntlet", how.command), ...code("Again, with netcat", how.netcat), ...code("Again, with Python", how.python)];
  };

  const of = (test, statement_of) => {
    const made = el("div", "evidence");
    const rules = test.statements.map((name) => rule(statement_of(name), name));
    made.append(
      block(rules.length === 1 ? "The statement" : "The statements", ...rules),
      ...finding(test),
      ...(test.control ? [block("Control that was served", el("p", "", test.control))] : []),
      ...breaches(test), ...manners(test), ...transcripts(test), ...reproducer(test));
    if (test.verdict === "pass") made.append(el("p", "note", `Passed in ${duration(test.took_ns)}. Transcripts of passes are not kept.`));
    else if (test.waited_ns) made.append(el("p", "note", `Took ${duration(test.took_ns)}, ${duration(test.waited_ns)} of it to show that nothing comes.`));
    return made;
  };

  return { el, sign, link, duration, of };
})();
