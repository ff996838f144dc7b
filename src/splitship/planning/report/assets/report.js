"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const get = (id) => document.getElementById(id);
  const column = (place) => data.columns[place];
  const MINUS = "\u2212";

  const money = (micros) => {
    const cents = Math.round(Math.abs(micros) / 1e4);
    const whole = String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
    return (micros < 0 && cents ? MINUS : "") + whole + "." + String(cents % 100).padStart(2, "0");
  };
  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (name) made.className = name;
    return made;
  };
  const counted = (number, noun) => number.toLocaleString("en-US") + " " + noun + (number === 1 ? "" : "s");

  // One answer, its columns looked up, and for every order where its packages and unfilled rows begin.
  const open = (raw) => {
    const lookUp = (places) => Object.fromEntries(Object.entries(places).map(([name, place]) => [name, column(place)]));
    const a = {
      name: raw.name, nodes: column(raw.nodes), services: column(raw.services), skus: column(raw.skus),
      reasons: raw.reasons, details: column(raw.details), orders: lookUp(raw.orders), packages: lookUp(raw.packages),
      contents: lookUp(raw.contents), unfilled: lookUp(raw.unfilled), moved: new Set(raw.moved === null ? [] : column(raw.moved)),
    };
    const first = Date.parse(raw.first + "T00:00:00Z");
    const days = new Map();
    a.day = (offset) => {
      if (!days.has(offset)) days.set(offset, new Date(first + offset * 864e5).toISOString().slice(0, 10));
      return days.get(offset);
    };
    const starts = (counts) => { const at = [0]; for (const count of counts) at.push(at[at.length - 1] + count); return at; };
    a.packageAt = starts(a.orders.packages);
    a.contentAt = starts(a.packages.contents);
    const num = a.orders.id.length;
    a.missing = Array.from({ length: num }, () => []);
    a.unfilled.order.forEach((order, row) => a.missing[order].push(row));
    a.left = new Array(num); a.ships = new Array(num); a.arrives = new Array(num); a.late = new Array(num); a.text = new Array(num);
    for (let o = 0; o < num; o += 1) {
      a.left[o] = a.missing[o].reduce((sum, row) => sum + a.unfilled.units[row], 0);
      let ships = Infinity, arrives = -1;
      const words = [a.orders.id[o], a.orders.to[o]];
      for (let p = a.packageAt[o]; p < a.packageAt[o + 1]; p += 1) {
        ships = Math.min(ships, a.packages.ships[p]);
        arrives = Math.max(arrives, a.packages.arrives[p]);
        words.push(a.nodes[a.packages.node[p]], a.services[a.packages.service[p]]);
        for (let c = a.contentAt[p]; c < a.contentAt[p + 1]; c += 1) words.push(a.skus[a.contents.sku[c]]);
      }
      for (const row of a.missing[o]) words.push(a.skus[a.unfilled.sku[row]], ...a.reasons[a.unfilled.reason[row]]);
      a.ships[o] = ships; a.arrives[o] = arrives;
      a.late[o] = a.orders.by[o] < 0 || arrives < 0 ? 0 : arrives - a.orders.by[o];
      a.text[o] = words.join("\n").toLowerCase();
    }
    return a;
  };

  const nodesOf = (a, o) => {
    const found = [];
    for (let p = a.packageAt[o]; p < a.packageAt[o + 1]; p += 1) {
      const node = a.nodes[a.packages.node[p]];
      if (!found.includes(node)) found.push(node);
    }
    return found.join(", ");
  };
  const status = (a, o) => {
    if (a.left[o]) return [`${a.left[o].toLocaleString("en-US")} of ${counted(a.orders.units[o], "unit")} not shipped`, "bad"];
    if (a.orders.by[o] < 0) return ["no promise", ""];
    if (a.late[o] > 0) return [counted(a.late[o], "day") + " late", "bad"];
    return ["on time", "fine"];
  };

  // Header, value to sort by, text to show, whether it is a number.
  const COLUMNS = [
    ["Order", (a, o) => a.orders.id[o], (a, o) => a.orders.id[o], false],
    ["To", (a, o) => a.orders.to[o], (a, o) => a.orders.to[o], false],
    ["Units", (a, o) => a.orders.units[o], (a, o) => a.orders.units[o].toLocaleString("en-US"), true],
    ["Packages", (a, o) => a.orders.packages[o], (a, o) => String(a.orders.packages[o]), true],
    ["From", nodesOf, nodesOf, false],
    ["Ships", (a, o) => a.ships[o], (a, o) => (a.arrives[o] < 0 ? "" : a.day(a.ships[o])), false],
    ["Arrives", (a, o) => a.arrives[o], (a, o) => (a.arrives[o] < 0 ? "" : a.day(a.arrives[o])), false],
    ["Promised", (a, o) => (a.orders.by[o] < 0 ? Infinity : a.orders.by[o]), (a, o) => (a.orders.by[o] < 0 ? "" : a.day(a.orders.by[o])), false],
    ["Status", (a, o) => a.left[o] * 1000 + Math.max(0, a.late[o]), null, false],
    ["Cost", (a, o) => a.orders.cost[o], (a, o) => money(a.orders.cost[o]), true],
  ];

  const opened = new Map();
  const answer = (at) => {
    if (!opened.has(at)) opened.set(at, open(data.results[at]));
    return opened.get(at);
  };
  const state = { at: 0, sort: -1, down: false, page: 0, rows: [] };

  const matching = () => {
    const a = answer(state.at);
    const words = get("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    const filter = get("filter").value;
    const passes = {
      all: () => true, split: (o) => a.orders.packages[o] > 1, late: (o) => a.late[o] > 0, unfilled: (o) => a.left[o] > 0,
      moved: (o) => a.moved.has(o),
    }[filter];
    const rows = [];
    for (let o = 0; o < a.orders.id.length; o += 1) {
      if (passes(o) && words.every((word) => a.text[o].includes(word))) rows.push(o);
    }
    if (state.sort >= 0) {
      const key = new Map(rows.map((o) => [o, COLUMNS[state.sort][1](a, o)]));
      const way = state.down ? -1 : 1;
      rows.sort((one, other) => {
        const x = key.get(one), y = key.get(other);
        return (x < y ? -way : x > y ? way : one - other);
      });
    }
    state.rows = rows;
    state.page = 0;
    draw();
  };

  const inside = (a, o) => {
    const list = element("ul", undefined, "inside");
    for (let p = a.packageAt[o]; p < a.packageAt[o + 1]; p += 1) {
      const things = [];
      for (let c = a.contentAt[p]; c < a.contentAt[p + 1]; c += 1) things.push(a.contents.units[c] + " \u00d7 " + a.skus[a.contents.sku[c]]);
      list.append(element("li",
        `From ${a.nodes[a.packages.node[p]]} by ${a.services[a.packages.service[p]]}, ships ${a.day(a.packages.ships[p])}, ` +
        `arrives ${a.day(a.packages.arrives[p])}, ${money(a.packages.cost[p])} ${data.currency}: ${things.join(", ")}`));
    }
    for (const row of a.missing[o]) {
      const [code, words] = a.reasons[a.unfilled.reason[row]];
      const detail = a.details[a.unfilled.detail[row]];
      list.append(element("li", `Not shipped: ${a.unfilled.units[row]} \u00d7 ${a.skus[a.unfilled.sku[row]]}, ${words} (${code})${detail ? ": " + detail : ""}`, "bad"));
    }
    return list;
  };

  const toggle = (button, row, o) => {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) { row.nextElementSibling.remove(); return; }
    const more = element("tr");
    const cell = element("td");
    cell.colSpan = COLUMNS.length;
    cell.append(inside(answer(state.at), o));
    more.append(cell);
    row.after(more);
  };

  const draw = () => {
    const a = answer(state.at), size = Number(get("size").value);
    const pages = Math.max(1, Math.ceil(state.rows.length / size));
    const from = state.page * size, shown = state.rows.slice(from, from + size);
    const body = get("list").tBodies[0];
    body.replaceChildren(...shown.map((o) => {
      const row = element("tr");
      COLUMNS.forEach(([name, , text, isNumber], at) => {
        const cell = element(at ? "td" : "th", undefined, isNumber ? "n" : ["To", "Ships", "Arrives", "Promised"].includes(name) ? "d" : "");
        if (at === 0) {
          cell.scope = "row";
          const button = element("button", a.orders.id[o], "open");
          button.type = "button";
          button.setAttribute("aria-expanded", "false");
          button.addEventListener("click", () => toggle(button, row, o));
          cell.append(button);
        } else if (text === null) {
          const [words, kind] = status(a, o);
          cell.append(element("span", words, kind));
        } else cell.textContent = text(a, o);
        row.append(cell);
      });
      return row;
    }));
    const all = a.orders.id.length;
    get("count").textContent = state.rows.length
      ? `${counted(state.rows.length, "order")} of ${all.toLocaleString("en-US")}; ${from + 1} to ${from + shown.length} shown. Choose an order to see its packages.`
      : (all ? "No order matches." : "There are no orders.");
    get("page").textContent = `Page ${state.page + 1} of ${pages}`;
    get("back").disabled = state.page === 0;
    get("next").disabled = state.page + 1 >= pages;
    get("of-which").textContent = data.results.length > 1 ? ", " + a.name : "";
    get("list").tHead.querySelectorAll("th").forEach((head, at) => {
      const way = state.sort !== at ? "none" : state.down ? "descending" : "ascending";
      head.setAttribute("aria-sort", way);
      head.firstChild.textContent = COLUMNS[at][0] + (way === "none" ? "" : state.down ? " \u25bc" : " \u25b2");
    });
  };

  const heads = get("list").tHead.rows[0];
  COLUMNS.forEach(([name, , , isNumber], at) => {
    const head = element("th", undefined, isNumber ? "n" : "");
    head.scope = "col";
    const button = element("button", name);
    button.type = "button";
    button.addEventListener("click", () => {
      state.down = state.sort === at ? !state.down : isNumber || COLUMNS[at][0] === "Status";
      state.sort = at;
      matching();
    });
    head.append(button);
    heads.append(head);
  });

  const show = (at) => {
    document.querySelectorAll(".of").forEach((part) => part.classList.toggle("off", part.dataset.result !== String(at)));
    state.at = at;
    matching();
  };
  let waiting = 0;
  get("find").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(matching, 120); });
  get("filter").addEventListener("change", matching);
  get("size").addEventListener("change", () => { state.page = 0; draw(); });
  get("back").addEventListener("click", () => { state.page -= 1; draw(); });
  get("next").addEventListener("click", () => { state.page += 1; draw(); });
  const which = get("which");
  if (which) which.addEventListener("change", () => show(Number(which.value)));
  get("explorer").hidden = false;
  // A browser may come back to the page with another scenario still chosen.
  show(which ? Number(which.value) : 0);
})();
