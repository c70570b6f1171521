// What the page does: its policy, its script, and what is left of it without the script.

/** Nothing that is smuggled into the page runs or asks for anything. */
export async function policy(page) {
  return page.evaluate(async () => {
    const refused = [];
    document.addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "window.smuggled = true";
    document.body.append(script);
    const box = document.createElement("div");
    box.innerHTML = "<p onclick='window.smuggled = true'>x</p><p style='color:red'>y</p>";
    document.body.append(box);
    box.firstChild.click();
    await new Promise((done) => setTimeout(done, 100));
    script.remove();
    box.remove();
    const problems = [];
    if (window.smuggled) problems.push("a smuggled script ran");
    for (const directive of ["script-src-elem", "script-src-attr", "style-src-attr"]) {
      if (!refused.includes(directive)) problems.push(`the policy let ${directive} through`);
    }
    return problems;
  });
}

const column = (page, at) =>
  page.evaluate((at) => Array.from(document.querySelector("table.list").tBodies[0].rows, (row) => {
    const cell = row.cells[at];
    return cell.dataset.v || cell.textContent.trim();
  }), at);

/** Every column sorts both ways, by mouse and by keyboard, and loses no row. */
export async function sorting(page) {
  const problems = [];
  const buttons = page.locator("table.list thead button");
  const before = (await column(page, 0)).slice().sort();
  for (let at = 0; at < (await buttons.count()); at += 1) {
    const numeric = await page.evaluate((at) => {
      const table = document.querySelector("table.list");
      return table.tHead.rows[0].cells[at].classList.contains("n") || "v" in table.tBodies[0].rows[0].cells[at].dataset;
    }, at);
    const key = (text) => (numeric ? Number(text.replace(/,/g, "")) : text.toLowerCase().replace(/^before /, ""));
    for (const [direction, sign] of [["ascending", 1], ["descending", -1]]) {
      if (at % 2 === 0) await buttons.nth(at).click();
      else { await buttons.nth(at).focus(); await page.keyboard.press("Enter"); }
      const keys = (await column(page, at)).map(key);
      const sorted = keys.every((value, n) => n === 0 || (sign > 0 ? keys[n - 1] <= value : keys[n - 1] >= value));
      if (!sorted) problems.push(`column ${at} is not ${direction}: ${keys.slice(0, 6)}`);
      const said = await page.locator("table.list thead th").nth(at).getAttribute("aria-sort");
      if (said !== direction) problems.push(`column ${at} says it is sorted ${said}`);
    }
  }
  if (String((await column(page, 0)).sort()) !== String(before)) problems.push("sorting lost a row");
  await buttons.nth(0).click();
  return problems;
}

/** The filter shows the rows that hold the text, says how many, and gives all of them back. */
export async function filtering(page, text) {
  const problems = [];
  const rows = () => page.evaluate(() => {
    const rows = Array.from(document.querySelector("table.list").tBodies[0].rows);
    return { all: rows.length, shown: rows.filter((row) => row.checkVisibility()).map((row) => row.textContent.toLowerCase()) };
  });
  const whole = await rows();
  await page.fill(".filter input", text);
  const part = await rows();
  if (part.shown.length === 0 || part.shown.length === whole.all) problems.push(`"${text}" shows ${part.shown.length} of ${whole.all}`);
  if (!part.shown.every((row) => row.includes(text.toLowerCase()))) problems.push(`"${text}" shows a row without it`);
  const told = await page.textContent(".filter output");
  if (told !== `${part.shown.length} of ${whole.all}`) problems.push(`the filter says ${told}`);
  await page.fill(".filter input", "");
  if ((await rows()).shown.length !== whole.all) problems.push("an empty filter hides rows");
  return problems;
}

/** Zoom widens the picture inside its own box, which the keyboard can then scroll. */
export async function zooming(page) {
  const problems = [];
  const figure = page.locator("figure.z").first();
  const width = () => figure.evaluate((figure) => figure.querySelector("svg").getBoundingClientRect().width);
  const before = await width();
  await figure.getByText("Zoom in").click();
  if ((await width()) < before * 1.9) problems.push("zooming in does not widen the picture");
  if ((await figure.locator(".pic").getAttribute("tabindex")) !== "0") problems.push("the zoomed picture cannot be scrolled by keyboard");
  await figure.getByText("Zoom out").click();
  if (Math.abs((await width()) - before) > 1) problems.push("zooming out does not come back");
  return problems;
}

/** The first Tab reaches the link that skips to the list, and focus can be seen. */
export async function keyboard(page) {
  await page.keyboard.press("Tab");
  return page.evaluate(() => {
    const problems = [];
    const at = document.activeElement;
    if (!at.matches(".skip")) problems.push("the first Tab does not reach the skip link");
    if (at.getBoundingClientRect().left < 0) problems.push("the focused skip link stands outside");
    if (getComputedStyle(at).outlineStyle === "none") problems.push("focus cannot be seen");
    at.blur();
    return problems;
  });
}

/** Without its script the page has the same text and no button. */
export async function scriptless(browser, url) {
  const text = async (javaScriptEnabled) => {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    await page.goto(url);
    const found = await page.evaluate(() => ({
      words: Array.from(document.querySelectorAll("p, td, li, dd, h3, figcaption"), (one) => one.textContent.trim()).join("\n"),
      buttons: document.querySelectorAll("button").length,
    }));
    await context.close();
    return found;
  };
  const [without, whole] = [await text(false), await text(true)];
  const problems = [];
  if (without.words !== whole.words) problems.push("the script changes what the page says");
  if (without.buttons > 0) problems.push("there are buttons without a script behind them");
  return problems;
}
