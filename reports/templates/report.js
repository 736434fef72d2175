"use strict";
// Draws the charts from the record in this page. The figures in tables do not depend on it.
(() => {
  const root = document.documentElement;
  const run = JSON.parse(document.getElementById("result").textContent);
  const measured = run.measured;
  const seconds = (ns) => ns / 1e9;
  let charts = [];

  // ---- numbers ----

  const duration = (ns) => {
    const units = [[1e9, "s"], [1e6, "ms"], [1e3, "\u00b5s"]];
    const [size, unit] = units.find(([least]) => ns >= least) || [1, "ns"];
    return Number((ns / size).toPrecision(3)).toLocaleString("en") + "\u202f" + unit;
  };
  const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
  const clock = (value) => {
    if (value < 120) return `${+value.toFixed(1)}\u202fs`;
    const minutes = Math.floor(value / 60) % 60;
    const rest = String(Math.round(value) % 60).padStart(2, "0");
    return value < 3600 ? `${minutes}:${rest}` : `${Math.floor(value / 3600)}:${String(minutes).padStart(2, "0")}:${rest}`;
  };

  // ---- the record as points ----

  const interval = seconds(measured.series.interval_ns);
  const end = seconds(run.duration_ns);
  // The last point covers less than the others; a sliver of one says nothing about a rate.
  const points = measured.series.points
    .map((point, i) => ({ ...point, at: i * interval, length: Math.min(interval, Math.max(end - i * interval, 0)) || interval }))
    .filter((point, i) => i === 0 || point.length >= interval / 4);
  const over_time = (value) => points.map((point) => ({ x: point.at + point.length, y: value(point) }));
  const rate = (name) => over_time((point) => point[name] / point.length);
  const of_histogram = (histogram, name) => over_time((point) => (point[histogram].count ? Math.max(point[histogram][name], 1) : null));

  const low_of = (index) => (index < 64 ? index : (64 + (index % 64)) * 2 ** (Math.floor(index / 64) - 1));
  const middle_of = (index) => (low_of(index) + low_of(index + 1)) / 2;

  // One list of [index, count] for each QoS, over all groups.
  const by_qos = (name) => {
    const counts = new Map();
    for (const flow of measured.flows) {
      const sums = counts.get(flow.qos) || new Map();
      const buckets = flow[name].buckets;
      for (let i = 0; i < buckets.length; i += 2) sums.set(buckets[i], (sums.get(buckets[i]) || 0) + buckets[i + 1]);
      counts.set(flow.qos, sums);
    }
    return [...counts.entries()]
      .filter(([, sums]) => sums.size > 0)
      .sort(([a], [b]) => a - b)
      .map(([qos, sums]) => ({ qos, buckets: [...sums.entries()].sort(([a], [b]) => a - b) }));
  };
  const total = (buckets) => buckets.reduce((sum, [, count]) => sum + count, 0);

  // Percentile p at x = -log10(1 - p), so that 90, 99 and 99.9 % are equally far apart.
  const percentile_curve = (buckets) => {
    const all = total(buckets);
    let below = 0;
    return buckets.map(([index, count]) => {
      const share = (below + count / 2) / all;
      below += count;
      return { x: -Math.log10(1 - share), y: Math.max(middle_of(index), 1) };
    });
  };
  // Shares of a fixed number of steps for each factor of ten, so that all curves compare.
  const distribution = (buckets) => {
    const steps = 12;
    const all = total(buckets);
    const shares = new Map();
    for (const [index, count] of buckets) {
      const step = Math.floor(Math.log10(Math.max(middle_of(index), 1)) * steps);
      shares.set(step, (shares.get(step) || 0) + count / all);
    }
    const first = Math.min(...shares.keys()) - 1;
    const last = Math.max(...shares.keys()) + 1;
    const curve = [];
    for (let step = first; step <= last; ++step) {
      curve.push({ x: 10 ** ((step + 0.5) / steps), y: 100 * (shares.get(step) || 0) });
    }
    return curve;
  };

  // ---- how charts look ----

  const colour = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const line = (label, data, name, more = {}) => ({
    label, data, borderColor: colour(name), backgroundColor: colour(name), borderWidth: 1.75,
    pointRadius: data.length < 3 ? 3 : 0, pointHoverRadius: 4, tension: 0, spanGaps: false, ...more,
  });
  const dashed = { borderDash: [4, 4], borderWidth: 1.25 };
  const filled = (name) => ({ fill: true, backgroundColor: colour(name) + "22" });
  const qos_colour = (qos) => "series-" + (qos + 1);

  const axis = (more) => ({
    border: { display: false },
    grid: { color: colour("line"), drawBorder: false, drawTicks: false },
    ...more,
    ticks: { color: colour("muted"), padding: 6, maxRotation: 0, ...more.ticks },
    title: { display: Boolean(more.name), text: more.name, color: colour("muted") },
  });
  const time_axis = () => axis({
    type: "linear", min: 0, max: Math.max(end, interval), grid: { display: false },
    ticks: { callback: clock, autoSkipPadding: 24, maxTicksLimit: 7, includeBounds: false },
  });
  const count_axis = (more = {}) => axis({
    beginAtZero: true, suggestedMax: 1, ...more, ticks: { callback: (value) => compact.format(value), maxTicksLimit: 6, precision: 0 },
  });
  // Labels at each factor of ten; at 1, 2 and 5 where there are few of those.
  const duration_label = function (value) {
    const wanted = this.max / this.min < 200 ? [1, 2, 5] : [1];
    const digit = Number((value / 10 ** Math.floor(Math.log10(value) + 1e-9)).toPrecision(6));
    return wanted.includes(digit) ? duration(value) : null;
  };
  const duration_axis = (more = {}) => axis({ type: "logarithmic", ...more, ticks: { callback: duration_label, autoSkip: false } });
  // Where an axis over these buckets begins: one stray short time must not squeeze all the others.
  const low_end = (flows) => {
    const ends = flows.map(({ buckets }) => {
      let below = total(buckets) / 1000;
      return middle_of(buckets.find(([, count]) => (below -= count) <= 0)[0]);
    });
    return 10 ** Math.floor(Math.log10(Math.max(Math.min(...ends), 1)) + 1e-9);
  };

  // A thin line at each warning and error, on all charts over time.
  const marked = measured.events.events.filter((event) => event.level !== "info").slice(0, 20);
  const event_marks = {
    id: "event_marks",
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea: area, scales } = chart;
      for (const event of marked) {
        const x = scales.x.getPixelForValue(seconds(event.at_ns));
        if (x < area.left || x > area.right) continue;
        ctx.save();
        ctx.strokeStyle = colour(event.level === "error" ? "fail" : "warn");
        ctx.setLineDash([2, 3]);
        ctx.beginPath();
        ctx.moveTo(x, area.top);
        ctx.lineTo(x, area.bottom);
        ctx.stroke();
        ctx.restore();
      }
    },
  };

  // A band for each time in which a fault was active, behind the lines of all charts over time; its
  // name stands in it where there is room.
  const bands = (run.faults || []).flatMap((fault) => fault.active.map((span) => ({ ...span, name: fault.name })));
  const fault_bands = {
    id: "fault_bands",
    beforeDraw(chart) {
      const { ctx, chartArea: area, scales } = chart;
      ctx.save();
      ctx.font = "10px " + Chart.defaults.font.family;
      const row_ends = [];
      for (const band of bands) {
        const left = Math.max(scales.x.getPixelForValue(seconds(band.from_ns)), area.left);
        const right = Math.min(Math.max(scales.x.getPixelForValue(seconds(band.until_ns)), left + 1), area.right);
        if (right < area.left || left > area.right) continue;
        ctx.fillStyle = colour("fail") + "1c";
        ctx.fillRect(left, area.top, right - left, area.bottom - area.top);
        if (ctx.measureText(band.name).width + 6 > area.right - left) continue;
        const free = row_ends.findIndex((end) => end <= left);
        const row = free < 0 ? row_ends.length : free;
        if (row > 4) continue;
        row_ends[row] = left + ctx.measureText(band.name).width + 8;
        ctx.fillStyle = colour("muted");
        ctx.fillText(band.name, left + 3, area.top + 11 + 12 * row);
      }
      ctx.restore();
    },
  };
  root.dataset.faultBands = String(bands.length);

  const draw = (id, datasets, scales, { type = "line", marks = false, title, label } = {}) => {
    const canvas = document.getElementById(id);
    if (!canvas) return;
    const drawable = datasets.reduce((sum, set) => sum + set.data.filter((point) => point.y !== null).length, 0);
    canvas.closest("figure").hidden = drawable === 0;
    if (drawable === 0) return;
    const chart = new Chart(canvas, {
      type,
      data: { datasets },
      plugins: marks ? [fault_bands, event_marks] : [],
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, parsing: false, normalized: true,
        interaction: { mode: marks ? "index" : "nearest", axis: "x", intersect: false },
        scales,
        plugins: {
          legend: { position: "bottom", align: "start", labels: { color: colour("ink"), boxWidth: 26, boxHeight: 0, padding: 14 } },
          tooltip: { callbacks: { title: (items) => (items.length ? title(items[0].parsed.x) : ""), label } },
        },
      },
    });
    charts.push(chart);
    const drawn = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte !== 0);
    canvas.dataset.drawn = String(drawn);
    canvas.dataset.points = String(drawable);
  };

  // ---- the charts ----

  const until = (x) => "until " + clock(x);
  const by_count = (item) => ` ${item.dataset.label}: ${item.parsed.y.toLocaleString("en", { maximumFractionDigits: 1 })}`;
  const by_duration = (item) => ` ${item.dataset.label}: ${duration(item.parsed.y)}`;

  const draw_over_time = () => {
    const has = (name) => points.some((point) => point[name] > 0);
    draw("chart-published", [
      line("sent", rate("sent"), "series-2", filled("series-2")),
      ...(has("acknowledged") ? [line("acknowledged", rate("acknowledged"), "series-3", dashed)] : []),
    ], { x: time_axis(), y: count_axis() }, { marks: true, title: until, label: by_count });
    draw("chart-received", [line("received", rate("received"), "series-1", filled("series-1"))],
      { x: time_axis(), y: count_axis() }, { marks: true, title: until, label: by_count });
    draw("chart-latency", [
      line("50 %", of_histogram("latency", "p50_ns"), "series-1"),
      line("99 %", of_histogram("latency", "p99_ns"), "series-2"),
      line("max", of_histogram("latency", "max_ns"), "series-4", dashed),
    ], { x: time_axis(), y: duration_axis() }, { marks: true, title: until, label: by_duration });
    draw("chart-connected", [
      line("connected", over_time((point) => point.connected), "series-3", { ...filled("series-3"), stepped: "after" }),
      ...(has("connection_failures") ? [line("failed or lost", over_time((point) => point.connection_failures), "fail")] : []),
    ], { x: time_axis(), y: count_axis() }, { marks: true, title: until, label: by_count });
    draw_load(has);
    draw("chart-lag", [
      line("50 %", of_histogram("schedule_lag", "p50_ns"), "series-1"),
      line("99 %", of_histogram("schedule_lag", "p99_ns"), "series-2"),
      line("max", of_histogram("schedule_lag", "max_ns"), "series-4", dashed),
    ], { x: time_axis(), y: duration_axis() }, { marks: true, title: until, label: by_duration });
  };

  const draw_load = (has) => {
    const mebibytes = (point) => (point.broker_rss_bytes ? point.broker_rss_bytes / 2 ** 20 : null);
    const memory = has("broker_rss_bytes");
    const percent = (name) => over_time((point) => (100 * seconds(point[name])) / point.length);
    draw("chart-load", [
      line("generator, % of a core", percent("own_cpu_ns"), "series-2"),
      ...(has("broker_cpu_ns") ? [line("broker, % of a core", percent("broker_cpu_ns"), "series-1")] : []),
      ...(memory ? [line("broker memory, MiB", over_time(mebibytes), "series-3", { ...dashed, yAxisID: "memory" })] : []),
    ], {
      x: time_axis(),
      y: count_axis({ name: "% of a core" }),
      ...(memory ? { memory: count_axis({ position: "right", grid: { display: false }, name: "MiB" }) } : {}),
    }, { marks: true, title: until, label: by_count });
  };

  const draw_latencies = () => {
    const curves = [];
    const from_schedule = by_qos("latency_from_schedule");
    const from_send = by_qos("latency_from_send");
    if (from_schedule.length === 0) return;
    for (const { qos, buckets } of from_schedule) {
      curves.push(line(`QoS ${qos}, schedule`, percentile_curve(buckets), qos_colour(qos)));
    }
    for (const { qos, buckets } of from_send) {
      curves.push(line(`QoS ${qos}, send`, percentile_curve(buckets), qos_colour(qos), dashed));
    }
    const ticks = [0, 50, 90, 99, 99.9, 99.99, 99.999, 99.9999].map((percent) => ({ percent, value: -Math.log10(1 - percent / 100) }));
    const percentile_axis = axis({
      type: "linear", min: 0, grid: { display: false },
      ticks: { callback: (value) => `${+(100 * (1 - 10 ** -value)).toFixed(4)}\u202f%`, autoSkip: true, autoSkipPadding: 12 },
    });
    percentile_axis.afterBuildTicks = (scale) => {
      scale.ticks = ticks.filter((tick) => tick.value <= scale.max).map(({ value }) => ({ value }));
    };
    const percent_title = (x) => `${+(100 * (1 - 10 ** -x)).toPrecision(6)} %`;
    draw("chart-percentiles", curves, { x: percentile_axis, y: duration_axis({ min: low_end([...from_schedule, ...from_send]) }) }, { title: percent_title, label: by_duration });
    draw("chart-distribution",
      from_schedule.map(({ qos, buckets }) =>
        line("QoS " + qos, distribution(buckets), qos_colour(qos), { ...filled(qos_colour(qos)), cubicInterpolationMode: "monotone" })),
      { x: duration_axis({ min: low_end(from_schedule), grid: { display: false } }), y: axis({ beginAtZero: true, ticks: { callback: (value) => `${value}\u202f%`, maxTicksLimit: 6 } }) },
      { title: (x) => "about " + duration(x), label: (item) => ` ${item.dataset.label}: ${item.parsed.y.toFixed(2)} %` });
  };

  const draw_all = () => {
    for (const chart of charts) chart.destroy();
    charts = [];
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 12;
    draw_over_time();
    draw_latencies();
    root.dataset.charts = String(charts.length);
  };

  const guarded = (body) => () => {
    try {
      body();
    } catch (error) {
      window.noteScriptError(error);
    }
  };
  guarded(draw_all)();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", guarded(draw_all));
  // Paper is light and has another width.
  window.addEventListener("beforeprint", guarded(() => { root.classList.add("paper"); draw_all(); }));
  window.addEventListener("afterprint", guarded(() => { root.classList.remove("paper"); draw_all(); }));
  root.dataset.ready = "true";
})();
