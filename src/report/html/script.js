
"use strict";
(function () {
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    const key = (row, at) => row.cells[at].textContent.trim();
    const number = (text) => Number(text.replace(/,/g, ""));
    Array.from(table.tHead.rows[0].cells).forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const numeric = head.classList.contains("n");
        rows.sort((a, b) => {
          const x = key(a, at), y = key(b, at);
          const order = numeric ? number(x) - number(y) : x < y ? -1 : x > y ? 1 : 0;
          return down ? -order : order;
        });
        body.append(...rows);
      });
    });
    const label = document.createElement("label");
    label.className = "filter";
    label.append("Show rows with ");
    const input = document.createElement("input");
    input.type = "search";
    const told = document.createElement("output");
    label.append(input, told);
    table.closest(".scroll").before(label);
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase();
      let shown = 0;
      for (const row of rows) {
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
        if (!row.hidden) shown += 1;
      }
      told.textContent = shown + " of " + rows.length;
    });
  }
  for (const figure of document.querySelectorAll("figure")) {
    const svg = figure.querySelector("svg");
    const box = document.createElement("div");
    box.className = "scroll";
    svg.before(box);
    box.append(svg);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Zoom in";
    button.setAttribute("aria-pressed", "false");
    figure.append(button);
    button.addEventListener("click", () => {
      const zoomed = button.getAttribute("aria-pressed") === "false";
      button.setAttribute("aria-pressed", String(zoomed));
      button.textContent = zoomed ? "Zoom out" : "Zoom in";
      svg.setAttribute("width", zoomed ? "2880" : "");
      svg.classList.toggle("zoomed", zoomed);
      if (zoomed) box.tabIndex = 0; else box.removeAttribute("tabindex");
    });
  }
})();
