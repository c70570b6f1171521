// What a person can see of a page, as plain data. Runs inside the page; returns problems and text.
(() => {
  const hidden = (element) =>
    !element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) || element.closest(".vh, .skip, .defs");

  // The part of a box that no scrolling ancestor cuts off.
  const clipped = (rect, element) => {
    let box = { left: rect.left, top: rect.top, right: rect.right, bottom: rect.bottom };
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const edge = at.getBoundingClientRect();
      box = {
        left: Math.max(box.left, edge.left), top: Math.max(box.top, edge.top),
        right: Math.min(box.right, edge.right), bottom: Math.min(box.bottom, edge.bottom),
      };
    }
    return box;
  };

  const texts = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || ["SCRIPT", "STYLE"].includes(element.tagName) || hidden(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const svg = element.namespaceURI.endsWith("svg");
      const rects = svg ? [element.getBoundingClientRect()] : Array.from(range.getClientRects());
      for (const rect of rects) found.push({ ...clipped(rect, element), svg, text: node.data.trim().slice(0, 60), element });
    }
    return found.filter((box) => box.right > box.left && box.bottom > box.top);
  };

  // Letters may lean over a line's edge by a pixel or so, and pictures are scaled.
  const overlaps = () => {
    const boxes = texts().sort((a, b) => a.top - b.top);
    const problems = [];
    for (let i = 0; i < boxes.length; i += 1) {
      const a = boxes[i];
      for (let j = i + 1; j < boxes.length && boxes[j].top < a.bottom; j += 1) {
        const b = boxes[j];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (a.element !== b.element && wide > 1 && high > 3) problems.push(`"${a.text}" lies over "${b.text}"`);
      }
    }
    return problems;
  };

  const blocks = () => {
    const problems = [];
    for (const parent of document.querySelectorAll("body, main, section, .detail, .numbers, figure, details[open], dl")) {
      const boxes = Array.from(parent.children)
        .filter((child) => !hidden(child) && !["SCRIPT", "STYLE"].includes(child.tagName))
        .map((child) => ({ child, rect: child.getBoundingClientRect() }))
        .filter((box) => box.rect.width > 0 && box.rect.height > 0);
      boxes.forEach((a, at) => {
        for (const b of boxes.slice(at + 1)) {
          const wide = Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left);
          const high = Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top);
          if (wide > 1 && high > 1) problems.push(`<${a.child.localName}> lies over <${b.child.localName}> in <${parent.localName}>`);
        }
      });
    }
    return problems;
  };

  const outside = () => {
    const problems = [];
    const root = document.scrollingElement;
    if (root.scrollWidth > innerWidth) problems.push(`the page is ${root.scrollWidth} wide in a window of ${innerWidth}`);
    for (const box of texts()) {
      if (box.left < -1 || box.right > innerWidth + 1) problems.push(`"${box.text}" stands outside of the page`);
    }
    return problems;
  };

  const parse = (color) => (color.match(/[\d.]+/g) || []).slice(0, 3).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  // axe judges the text of the page; this the letters (4.5) and the marks (3) of the pictures.
  const contrast = () => {
    const problems = new Set();
    const ground = parse(getComputedStyle(document.body).backgroundColor);
    for (const text of document.querySelectorAll("figure svg text")) {
      const style = getComputedStyle(text);
      if (ratio(parse(style.fill), ground) < 4.5) problems.add(`letters .${text.getAttribute("class")}: ${style.fill}`);
    }
    for (const mark of document.querySelectorAll(".sv, .cl, .bar, .cleared, .h4, .h5, .join, .base")) {
      const style = getComputedStyle(mark);
      const color = style.fill === "none" || mark.matches(".h4, .h5") ? style.stroke : style.fill;
      if (ratio(parse(color), ground) < 3) problems.add(`mark .${mark.getAttribute("class")}: ${color}`);
    }
    return Array.from(problems);
  };

  // Only elements and attributes of our own may stand in the page, whatever the names in it say.
  const foreign = () => {
    const elements = new Set(("html head meta title style body a svg defs pattern path header h1 h2 h3 p main section dl div dt dd " +
      "table caption thead tbody tr th td figure figcaption details summary span bdi b strong code ul li footer script text " +
      "button label input output").split(" "));
    const attributes = new Set(("lang charset http-equiv content name class href id aria-labelledby aria-label aria-hidden " +
      "aria-sort role tabindex scope viewBox width height d x y stroke-width patternUnits focusable data-v data-z type disabled " +
      "hidden open").split(" "));
    const problems = [];
    for (const element of document.querySelectorAll("*")) {
      if (!elements.has(element.localName)) problems.push(`an element <${element.localName}>`);
      for (const { name } of element.attributes) if (!attributes.has(name)) problems.push(`an attribute ${name}`);
      if (element.localName === "a" && !/^#(list|w\d+)$/.test(element.getAttribute("href"))) problems.push("a link to elsewhere");
    }
    return problems;
  };

  // A plain word of the list or of a heading that a narrow column breaks in two. Names may be broken.
  const broken = () => {
    const problems = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement.closest(".list, h1, h2, dt, thead") || hidden(node.parentElement)) continue;
      for (const { 0: word, index } of node.data.matchAll(/[A-Za-z]+|\d{4}-\d\d-\d\d/g)) {
        if (word.length > 17) continue;
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        if (new Set(Array.from(range.getClientRects(), (rect) => rect.top)).size > 1) problems.push(`"${word}" is broken`);
      }
    }
    return problems;
  };

  // In a narrow window the list is a pile of cards: each value needs its column's name before it.
  const nameless = () => Array.from(document.querySelectorAll(".list tbody td"))
    .filter((cell) => getComputedStyle(cell).display === "block" && getComputedStyle(cell, "::before").content === "none")
    .map((cell) => `column ${cell.cellIndex + 1} of the list has no name`);

  // Nothing on paper can be pressed.
  const pressable = () => (matchMedia("print").matches ? Array.from(document.querySelectorAll("button, input")) : [])
    .filter((one) => !one.closest("th") && !hidden(one))
    .map((one) => `<${one.localName}> ${one.textContent} is printed`);

  const flat = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const cut = (text) => (text.length > 110 ? `${text.slice(0, 110)}...` : text);
  const cells = (row) => Array.from(row.cells, (cell) => cut(flat(cell))).join(" | ");
  const shape = (row) => getComputedStyle(row).display;

  // The page as an outline: what is there, in which order, under which name.
  const outline = () => {
    const lines = [];
    const say = (depth, text) => lines.push("  ".repeat(depth) + text);
    const visit = (element, depth) => {
      if (["SCRIPT", "STYLE"].includes(element.tagName)) return;
      const reads = element.matches(".vh, .skip");
      if (!reads && hidden(element)) return;
      const name = element.localName;
      if (/^h[1-3]$/.test(name) || ["p", "li", "figcaption", "summary", "button", "label"].includes(name)) {
        say(depth, `${name}: ${cut(flat(element))}`);
        if (name !== "label") return;
      }
      if (name === "svg") { if (element.getAttribute("role") === "img") say(depth, `picture: ${element.getAttribute("aria-label")}`); return; }
      if (name === "a") { say(depth, `link: ${flat(element)}`); return; }
      if (name === "dl") {
        for (const pair of element.children) say(depth, `${flat(pair.children[0])} = ${cut(flat(pair.children[1]))}`);
        return;
      }
      if (name === "table") {
        const rows = Array.from(element.tBodies[0].rows).filter((row) => !row.hidden);
        say(depth, `table "${element.caption ? flat(element.caption) : "by heading"}", ${rows.length} rows as ${shape(rows[0])}: ${cells(element.tHead.rows[0])}`);
        rows.slice(0, 5).forEach((row) => say(depth + 1, cells(row)));
        return;
      }
      const deeper = ["section", "figure", "details", "header", "main", "footer"].includes(name);
      if (deeper) say(depth, name);
      for (const child of element.children) visit(child, depth + (deeper ? 1 : 0));
    };
    visit(document.body, 0);
    return lines.join("\n") + "\n";
  };

  window.look = {
    outline,
    broken,
    foreign,
    problems: () => [...new Set([...outside(), ...blocks(), ...overlaps(), ...contrast(), ...nameless(), ...pressable()])],
  };
})();
