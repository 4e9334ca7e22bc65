// The charts of a comparison. Everything shown is in the data block of the page, which is what `--format json` prints but for the day.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const toggles = document.querySelector("form.toggles");
  const CHOICES = Object.fromEntries(
    [...toggles.querySelectorAll("[name=option]")].map((input) => [input.value, input.nextElementSibling.textContent]));
  const OPTIONS = { on_demand: "on demand", spot: "spot", commit_1y: "1-year commitment", commit_3y: "3-year commitment" };
  const COLORS = ["#1a73e8", "#c65e12", "#19736e", "#a45eb4", "#6448b5", "#cc9f03", "#3fb0f0", "#8f939a"];
  const TITLES = Object.fromEntries(data.places.map((location) => [location.cloud, location.cloud_title]));
  const CLOUDS = [...new Set(data.places.map((location) => TITLES[location.cloud]))];
  const LARGEST = 7;
  const HOURS = data.hours_per_month;
  const money = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
  const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", maximumFractionDigits: 0 });
  const rate = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", maximumFractionDigits: 4 });
  const cents = (value) => Math.round(value * 100) / 100;
  const words = (name) => name.replaceAll("_", " ");
  const location = (row) => `${TITLES[row.cloud]} ${row.region}`;

  const state = () => {
    const form = new FormData(toggles);
    return {
      spec: form.get("spec") ?? data.specs[data.specs.length - 1],
      option: form.get("option"), figure: form.get("figure"), floor: form.get("floor") !== null,
    };
  };
  const rows = (now) => data.combinations.filter((row) => row.available && row.spec === now.spec && row.capacity === now.option);
  const total = (row, figure, floor) => cents(row.total[figure] - (floor ? 0 : row.totals.fixed[figure]));
  const sorted = (now) => rows(now).sort((a, b) => total(a, now.figure, now.floor) - total(b, now.figure, now.floor));

  // Charts. Vega's expressions are interpreted, never compiled, so that the page needs no `unsafe-eval`.
  const views = {};
  const axis = (title) => ({ title, format: "$,.0f", tickCount: 5, labelFlush: true });
  const config = () => ({
    background: null, font: getComputedStyle(document.body).fontFamily,
    view: { stroke: null },
    axis: { labelFontSize: narrow() ? 12 : 13, titleFontSize: 12, titleFontWeight: "normal", domain: false, ticks: false, labelPadding: 6, labelLimit: 170 },
    axisY: { grid: false }, legend: { symbolOpacity: 1, labelFontSize: 13, titleFontSize: 12, titleFontWeight: "normal", orient: "bottom", direction: "horizontal", symbolType: "circle", columns: narrow() ? 2 : 5, labelLimit: narrow() ? 118 : 160 },
    range: { category: COLORS },
  });
  const phone = window.matchMedia("(max-width: 44rem)");
  const narrow = () => phone.matches;
  const draw = async (id, spec) => {
    const before = views[id];
    const options = { mode: "vega-lite", renderer: "svg", ast: true, actions: false, defaultStyle: false, tooltip: tip, config: config() };
    views[id] = await vegaEmbed(byId(id), { width: "container", autosize: { type: "fit-x", contains: "padding" }, ...spec }, options);
    before?.finalize();
  };
  const tip = (_, event, __, value) => {
    const box = byId("tip");
    box.hidden = !value || typeof value !== "object";
    if (box.hidden) return;
    box.replaceChildren(...Object.entries(value).map(([key, text]) => {
      const line = document.createElement("div");
      line.append(...[key, text].map((part) => element("span", String(part))));
      return line;
    }));
    const near = (at, size, edge) => Math.max(8, Math.min(at + 14, edge - size - 8));
    box.style.left = `${near(event.clientX, box.offsetWidth, window.innerWidth)}px`;
    box.style.top = `${near(event.clientY, box.offsetHeight, window.innerHeight)}px`;
  };

  // Tables beside the charts, with the same values.
  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const tabulate = (id, caption, heads, body) => {
    const table = element("table", "", { role: "table" });
    const head = element("thead", "", { role: "rowgroup" });
    const top = element("tr", "", { role: "row" });
    top.append(...heads.map((text, index) => element("th", text, { scope: "col", role: "columnheader", ...(index ? { class: "number" } : {}) })));
    head.append(top);
    const rest = element("tbody", "", { role: "rowgroup" });
    rest.append(...body.map(([first, ...cells]) => {
      const row = element("tr", "", { role: "row" });
      row.append(element("th", first, { scope: "row", role: "rowheader" }), ...cells.map((text, index) =>
        element("td", text, { class: "number", role: "cell", "data-label": heads[index + 1] })));
      return row;
    }));
    table.append(element("caption", caption), head, rest);
    byId(id).replaceChildren(table);
  };

  const bands = (now) => {
    const values = sorted(now).map((row) => ({
      location: location(row), cloud: TITLES[row.cloud], partial: row.without_price.length > 0,
      low: total(row, "low", now.floor), expected: total(row, "expected", now.floor), high: total(row, "high", now.floor),
    })).map((value) => ({ ...value, chosen: value[now.figure], is: `${value.partial ? "at least " : ""}${money.format(value[now.figure])}` }));
    const tooltip = [{ field: "location", title: "location" }, ...["low", "expected", "high"].map((name) => ({ field: name, format: "$,.2f" }))];
    const dot = (partial) => ({
      name: partial ? "hollow" : "dot",
      transform: [{ filter: { field: "partial", equal: partial } }],
      mark: { type: "point", filled: !partial, size: 120, strokeWidth: 2, opacity: 1, },
      encoding: { x: { field: "chosen", type: "quantitative" }, tooltip, description: { field: "is" } },
    });
    const spec = {
      description: `US dollars a month by location, ${CHOICES[now.option]}, ${now.figure}`, data: { values }, height: 30 * new Set(values.map((v) => v.location)).size,
      encoding: {
        y: { field: "location", type: "nominal", sort: values.map((v) => v.location), title: null },
        color: { field: "cloud", type: "nominal", title: null, scale: { domain: CLOUDS } },
      },
      layer: [
        { mark: { type: "bar", height: 9, opacity: 0.35, cornerRadius: 5, aria: false }, encoding: { x: { field: "low", type: "quantitative", axis: axis("a month"), scale: { zero: true } }, x2: { field: "high" }, tooltip } },
        ...[false, true].filter((partial) => values.some((v) => v.partial === partial)).map(dot),
        { name: "ink", mark: { type: "text", align: "left", dx: 10, dy: -9, fontSize: 12, aria: false }, encoding: { x: { field: "chosen", type: "quantitative" }, text: { field: "chosen", format: "$,.0f" }, color: { value: "#1c2430" } } },
      ],
    };
    tabulate("bands-table", spec.description, ["location", "low", "expected", "high"],
      values.map((v) => [v.location + (v.partial ? " (at least)" : ""), ...[v.low, v.expected, v.high].map(money.format)]));
    return draw("bands", spec);
  };

  const parts = (now) => {
    const sums = {};
    const found = sorted(now).map((row) => [row, Object.entries(row.components).map(([name, kinds]) => {
      const value = cents(Object.entries(kinds).reduce((sum, [kind, band]) => sum + (kind === "fixed" && !now.floor ? 0 : band[now.figure]), 0));
      sums[name] = (sums[name] ?? 0) + value;
      return [name, value];
    })]);
    const large = Object.keys(sums).filter((name) => sums[name] > 0).sort((a, b) => sums[b] - sums[a]).slice(0, LARGEST);
    const names = [...large.map(words), "other"];
    const values = found.flatMap(([row, shares]) => {
      const other = cents(shares.reduce((sum, [name, value]) => sum + (large.includes(name) ? 0 : value), 0));
      const mine = new Map(shares);
      return [...large.map((name) => [words(name), mine.get(name) ?? 0]), ["other", other]]
        .map(([component, value], order) => ({ location: location(row), component, value, order }));
    });
    const spec = {
      description: `US dollars a month by location and component, ${CHOICES[now.option]}, ${now.figure}`, data: { values }, height: 30 * new Set(values.map((v) => v.location)).size,
      mark: { type: "bar", height: 18 },
      encoding: {
        y: { field: "location", type: "nominal", sort: [...new Set(values.map((v) => v.location))], title: null },
        x: { field: "value", type: "quantitative", axis: axis("a month") },
        color: { field: "component", type: "nominal", sort: names, scale: { domain: names }, title: null },
        order: { field: "order" },
        tooltip: [{ field: "location" }, { field: "component" }, { field: "value", format: "$,.2f", title: "a month" }],
      },
    };
    tabulate("parts-table", spec.description, ["location", ...names],
      [...new Set(values.map((v) => v.location))].map((at) => [at, ...values.filter((v) => v.location === at).map((v) => money.format(v.value))]));
    return draw("parts", spec);
  };

  const heat = (now) => {
    const values = data.combinations.filter((row) => row.spec === now.spec).map((row) => ({
      location: location(row), option: CHOICES[row.capacity], head: heading(row.capacity), value: row.available ? total(row, now.figure, now.floor) : null,
      why: row.available ? (row.without_price.length ? "at least: something has no price" : "") : row.reasons.map((r) => r.message).join("; "),
    }));
    const known = values.filter((v) => v.value !== null).map((v) => v.value);
    const [least, most] = [Math.min(...known), Math.max(...known)].map(Math.sqrt);
    for (const v of values) {
      [v.fill, v.ink] = v.value === null ? ["", ""] : shade((Math.sqrt(v.value) - least) / (most - least || 1));
      v.shown = v.value === null ? "–" : narrow() ? compact(v.value) + (v.why ? "+" : "") : (v.why ? "≥ " : "") + dollars.format(v.value);
    }
    const tooltip = [{ field: "location" }, { field: "option", title: "purchase option" }, { field: "value", format: "$,.2f", title: "a month" }, { field: "why", title: "note" }];
    const spec = {
      description: `US dollars a month by location and purchase option, ${now.figure}`, data: { values }, height: 30 * new Set(values.map((v) => v.location)).size,
      encoding: {
        y: { field: "location", type: "nominal", sort: [...new Set(values.map((v) => v.location))], title: null },
        x: { field: "head", type: "nominal", sort: data.capacities.map(heading), title: null, axis: { orient: "top", labelAngle: 0, labelLimit: 200 } },
      },
      layer: [
        { transform: [{ filter: "datum.value !== null" }], mark: { type: "rect", stroke: "#ffffff", strokeOpacity: 0.25, cornerRadius: 3 }, encoding: { color: { field: "fill", type: "nominal", scale: null }, tooltip } },
        { transform: [{ filter: "datum.value === null" }], name: "none", mark: { type: "rect", cornerRadius: 3, color: "#d5d9df" }, encoding: { tooltip } },
        { transform: [{ filter: "datum.value !== null" }], mark: { type: "text", fontSize: narrow() ? 11 : 13, aria: false }, encoding: { text: { field: "shown" }, color: { field: "ink", type: "nominal", scale: null }, tooltip } },
        { name: "ink", transform: [{ filter: "datum.value === null" }], mark: { type: "text", fontSize: 13, aria: false }, encoding: { text: { field: "shown" }, tooltip } },
      ],
    };
    const titles = data.capacities.map((option) => CHOICES[option]);
    tabulate("heat-table", spec.description, ["location", ...titles], [...new Set(values.map((v) => v.location))].map((at) => [at, ...titles.map((option) => {
      const v = values.find((one) => one.location === at && one.option === option);
      return v?.value == null ? "unavailable" : (v.why ? "at least " : "") + money.format(v.value);
    })]));
    return draw("heat", spec);
  };
  // From light to dark, and black or white on it: one of them always has a contrast of at least 4.5 to 1.
  const SHADES = [[227, 238, 249], [107, 163, 214], [18, 58, 107]];
  const shade = (share) => {
    const at = Math.min(share * 2, 1.999999);
    const [from, to] = [SHADES[Math.floor(at)], SHADES[Math.floor(at) + 1]];
    const color = from.map((channel, index) => Math.round(channel + (to[index] - channel) * (at % 1)));
    const [r, g, b] = color.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return [`rgb(${color})`, 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000000" : "#ffffff"];
  };
  const SHORT = { spec: "as is", on_demand: "dem.", spot: "spot", commit_1y: "1 y", commit_3y: "3 y" };
  const heading = (option) => (narrow() ? SHORT : { ...CHOICES, commit_1y: "1 year", commit_3y: "3 years" })[option];
  const compact = (value) => (value < 1000 ? `$${Math.round(value)}` : `$${(value / 1000).toFixed(1)}k`);

  const machines = (now) => rows(now).flatMap((row) => row.machines.filter((m) => m.asked_for && m.usd_per_hour.on_demand)
    .map((m) => ({ ...m, key: `${location(row)}, ${m.pool}: ${m.instance_type}` })));
  const even = (now) => {
    const found = machines(now);
    const select = byId("machine");
    const chosen = select.value;
    select.replaceChildren(...found.map((m) => element("option", m.key, { value: m.key })));
    const one = found.find((m) => m.key === chosen) ?? found.find((m) => m.usd_per_hour.commit_1y) ?? found[0];
    select.closest("section").hidden = !one;
    if (!one) return undefined;
    select.value = one.key;
    const figure = (option) => one.usd_per_hour[option]?.[now.figure];
    const flat = (option) => option.startsWith("commit");
    const options = Object.keys(OPTIONS).filter((option) => one.usd_per_hour[option]);
    const values = options.flatMap((option) => [0, HOURS].map((hours) => ({
      option: OPTIONS[option], hours, usd: cents(figure(option) * (flat(option) ? HOURS : hours)),
      low: cents(one.usd_per_hour[option].low * (flat(option) ? HOURS : hours)),
      high: cents(one.usd_per_hour[option].high * (flat(option) ? HOURS : hours)),
    })));
    const crossings = options.filter(flat).flatMap((option) => ["on_demand", "spot"].filter((other) => figure(other)).map((other) => ({
      option, other, hours: HOURS * figure(option) / figure(other),
    })));
    const marks = crossings.filter((c) => c.hours <= HOURS).map((c) => ({
      option: OPTIONS[c.option], hours: Math.round(c.hours * 10) / 10, usd: cents(figure(c.option) * HOURS), label: `${Math.round(c.hours)} h`,
    }));
    const domain = options.map((option) => OPTIONS[option]);
    const color = { field: "option", type: "nominal", title: null, scale: { domain, range: domain.map((name) => COLORS[Object.values(OPTIONS).indexOf(name)]) } };
    const spec = {
      description: `US dollars a month of one ${one.key} by hours in use, ${now.figure}`, height: 280, data: { values },
      encoding: { x: { field: "hours", type: "quantitative", scale: { domain: [0, HOURS], nice: false }, axis: { title: "hours a month", tickCount: narrow() ? 4 : 8, labelFlush: true } }, color },
      layer: [
        { transform: [{ filter: "datum.low < datum.high || datum.hours === 0" }], mark: { type: "area", opacity: 0.18, aria: false }, encoding: { y: { field: "low", type: "quantitative", axis: axis("a month") }, y2: { field: "high" } } },
        { mark: { type: "line", strokeWidth: 2.5 }, encoding: { y: { field: "usd", type: "quantitative" }, tooltip: [{ field: "option", title: "purchase option" }, { field: "hours" }, { field: "usd", format: "$,.2f", title: "a month" }] } },
        ...(marks.length ? [{ data: { values: marks }, mark: { type: "point", filled: true, size: 90, opacity: 1 }, encoding: { y: { field: "usd", type: "quantitative" }, tooltip: [{ field: "option", title: "breaks even" }, { field: "hours", title: "from hours" }] } },
        { name: "ink", data: { values: marks }, mark: { type: "text", dy: -12, fontSize: 12, align: "right", aria: false }, encoding: { y: { field: "usd", type: "quantitative" }, text: { field: "label" }, color: { value: "#1c2430" } } }] : []),
      ],
    };
    const say = (c) => (c.hours > HOURS ? `never beats ${OPTIONS[c.other]}`
      : `beats ${OPTIONS[c.other]} from ${Math.round(c.hours * 10) / 10} hours a month on (${Math.round(100 * c.hours / HOURS)} % of the time)`);
    const spot = figure("spot");
    byId("even-words").textContent = [
      `${one.instance_type} on demand: ${rate.format(figure("on_demand"))} an hour.`,
      ...(spot ? [`Spot: ${rate.format(spot)}, ${spot < figure("on_demand") ? "less at any number of hours, while it is available" : "no less"}.`] : []),
      ...options.filter(flat).map((option) => `A ${OPTIONS[option]} (${rate.format(figure(option))}) ${crossings.filter((c) => c.option === option).map(say).join(" and ")}.`),
    ].join(" ");
    tabulate("even-table", `${one.key}, US dollars an hour; break-even in hours a month`, ["purchase option", "low", "expected", "high", "beats on demand from"],
      options.map((option) => [OPTIONS[option], ...["low", "expected", "high"].map((name) => rate.format(one.usd_per_hour[option][name])),
        option === "on_demand" ? "" : flat(option) ? crossing(crossings, option) : spot < figure("on_demand") ? "0 hours" : "never"]));
    return draw("even", spec);
  };
  const crossing = (crossings, option) => {
    const found = crossings.find((c) => c.option === option && c.other === "on_demand");
    return !found || found.hours > HOURS ? "never" : `${Math.round(found.hours * 10) / 10} hours`;
  };

  const show = async () => {
    const now = state();
    const any = rows(now).length > 0;
    for (const id of ["bands", "parts"]) byId(id).closest("section").hidden = !any;
    await Promise.all([...(any ? [bands(now), parts(now)] : []), heat(now), even(now)]);
    byId("status").textContent = `Charts show ${CHOICES[now.option]}, ${now.figure}, fixed floor ${now.floor ? "included" : "left out"}.`;
    document.documentElement.dataset.shown = [now.spec, now.option, now.figure, now.floor].join(" ");
  };
  toggles.addEventListener("change", show);
  byId("machine").addEventListener("change", () => even(state()));
  for (const form of document.forms) form.addEventListener("submit", (event) => event.preventDefault());
  phone.addEventListener("change", show);
  const opened = [];
  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details.more:not([open])")) { part.open = true; opened.push(part); }
  });
  window.addEventListener("afterprint", () => { for (const part of opened.splice(0)) part.open = false; });
  show();
})();
