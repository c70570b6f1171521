
"use strict";
(function () {
  const make = (name, text) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (name === "button") element.type = "button";
    return element;
  };

  for (const table of document.querySelectorAll("table.list")) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    const texts = rows.map(() => "");
    const order = new Map(rows.map((row, at) => [row, at]));
    const value = (row, at, numeric) => {
      const cell = row.cells[at];
      const text = cell.dataset.v || cell.textContent.trim();
      return numeric ? Number(text.replace(/,/g, "")) : text.toLowerCase().replace(/^before /, "");
    };
    Array.from(table.tHead.rows[0].cells).forEach((head, at) => {
      const button = make("button", head.textContent);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const numeric = head.classList.contains("n") || "v" in rows[0].cells[at].dataset;
        const keyed = rows.map((row) => ({ row, key: value(row, at, numeric) }));
        keyed.sort((a, b) => {
          const sign = a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
          return (down ? -sign : sign) || order.get(a.row) - order.get(b.row);
        });
        body.append(...keyed.map((entry) => entry.row));
      });
    });
    const label = make("label", "Show rows with ");
    label.className = "filter";
    const input = make("input");
    input.type = "search";
    const told = make("output");
    label.append(input, told);
    table.before(label);
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase().trim();
      let shown = 0;
      rows.forEach((row, at) => {
        texts[at] = texts[at] || Array.from(row.cells, (cell) => cell.textContent).join(" ").toLowerCase();
        row.hidden = !texts[at].includes(wanted);
        if (!row.hidden) shown += 1;
      });
      told.textContent = shown + " of " + rows.length;
    });
  }

  for (const svg of document.querySelectorAll("figure > svg")) {
    const figure = svg.parentNode;
    const box = make("div");
    box.className = "pic";
    svg.before(box);
    box.append(svg);
    // A box that scrolls must be reachable with the keyboard.
    const reach = () => {
      const scrolls = box.scrollWidth > box.clientWidth + 1;
      if (scrolls) box.tabIndex = 0; else box.removeAttribute("tabindex");
      box.setAttribute("role", scrolls ? "group" : "presentation");
      if (scrolls) box.setAttribute("aria-label", svg.getAttribute("aria-label")); else box.removeAttribute("aria-label");
    };
    new ResizeObserver(reach).observe(box);
    if (!figure.classList.contains("z")) continue;
    const tools = make("div");
    tools.className = "tools";
    let zoom = 1;
    const set = (next) => {
      const middle = (box.scrollLeft + box.clientWidth / 2) / zoom;
      zoom = Math.min(8, Math.max(1, next));
      box.dataset.z = zoom;
      box.scrollLeft = middle * zoom - box.clientWidth / 2;
      closer.disabled = zoom === 8;
      wider.disabled = zoom === 1;
      reach();
    };
    const closer = make("button", "Zoom in");
    const wider = make("button", "Zoom out");
    wider.disabled = true;
    closer.addEventListener("click", () => set(zoom * 2));
    wider.addEventListener("click", () => set(zoom / 2));
    tools.append(closer, wider);
    figure.querySelector("figcaption").after(tools);
  }

  // Paper shows the evidence; afterwards it is as it was.
  const evidence = document.querySelectorAll("details.ev");
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = Array.from(evidence).filter((one) => !one.open);
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
})();
