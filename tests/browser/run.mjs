// Opens one report in Chromium and looks at it in every way a person may: light, dark, narrow, large,
// printed. Usage: node run.mjs JOB.json. Prints one line per problem and exits with 1 if there is any.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { compare } from "./pictures.mjs";
import { filtering, keyboard, policy, scriptless, sorting, zooming } from "./use.mjs";

const job = JSON.parse(readFileSync(process.argv[2], "utf8"));
const here = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(import.meta.url)(join(job.packages, "playwright/driver/package"));
const axe = readFileSync(join(job.packages, "axe_playwright_python/axe.min.js"), "utf8");
const look = readFileSync(join(here, "look.js"), "utf8");

const MODES = {
  light: { viewport: { width: 1280, height: 800 } },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
  narrow: { viewport: { width: 320, height: 800 } },
  // 1280 x 1024 at 400 %.
  large: { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 },
  // A4 on its side, less the margins, in CSS pixels.
  print: { viewport: { width: 1032, height: 703 }, media: "print" },
};

/** A page that tells everything a browser complains about. */
async function open(browser, mode, problems) {
  const { media, ...options } = MODES[mode];
  const context = await browser.newContext({ colorScheme: "light", ...options });
  const page = await context.newPage();
  if (media) await page.emulateMedia({ media });
  const url = pathToFileURL(job.page).href;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== url) problems.push(`request to ${request.url()}`);
  });
  page.on("dialog", (dialog) => { problems.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(url);
  return { context, page };
}

/** Both as the page comes, and with everything open that can be opened. */
async function inMode(browser, mode) {
  const problems = [];
  const { context, page } = await open(browser, mode, problems);
  await page.evaluate(look);
  if (job.outlines) {
    problems.push(...outline(mode, await page.evaluate(() => window.look.outline())));
    problems.push(...(await page.evaluate(() => window.look.broken())));
  }
  problems.push(...(await page.evaluate(() => [...window.look.foreign(), ...window.look.problems()])));
  if (job.pictures) problems.push(...(await compare(browser, job, `${job.name}-${mode}`, await page.screenshot())));
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
  problems.push(...(await page.evaluate(() => window.look.problems())).map((text) => `all open: ${text}`));
  if (job.axe) problems.push(...(await accessible(page)));
  const words = await page.evaluate(() => document.body.textContent);
  problems.push(...job.words.filter((word) => !words.includes(word)).map((word) => `not in the page: ${word}`));
  if (mode === "print") {
    const paper = await page.pdf({ preferCSSPageSize: true });
    if (paper.length < 10000) problems.push(`the printed report has only ${paper.length} bytes`);
  }
  await context.close();
  return problems;
}

async function accessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  return violations.map((one) => `axe ${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 160)} (${one.nodes.length} in all)`);
}

function outline(mode, text) {
  const file = join(job.golden, `${job.name}-${mode}.txt`);
  if (job.bless) { writeFileSync(file, text); return []; }
  const golden = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (golden === text) return [];
  const [old, now] = [golden.split("\n"), text.split("\n")];
  const at = now.findIndex((line, n) => line !== old[n]);
  return [`${file}, line ${at + 1}: expected "${(old[at] ?? "").trim()}", the page has "${(now[at] ?? "").trim()}"`];
}

async function used(browser) {
  const problems = [];
  const { context, page } = await open(browser, "light", problems);
  problems.push(...(await keyboard(page)));
  if (job.filter) {
    problems.push(...(await sorting(page)), ...(await filtering(page, job.filter)), ...(await zooming(page)));
  }
  const seen = problems.length;
  problems.push(...(await policy(page)));
  // What the policy refuses is told on the console too: that is no problem of the page.
  const told = problems.filter((text, at) => at < seen || !/Content Security Policy|Refused to/.test(text));
  await context.close();
  return told.concat(await scriptless(browser, pathToFileURL(job.page).href));
}

const browser = await chromium.launch({ executablePath: job.chromium });
let failed = 0;
const tell = (where, problems) => {
  for (const problem of new Set(problems)) console.log(`${job.name} ${where}: ${problem}`);
  failed += problems.length;
};
try {
  for (const mode of job.modes) tell(mode, await inMode(browser, mode));
  tell("in use", await used(browser));
} finally {
  await browser.close();
}
console.log(`${job.name}: ${failed} problems in Chromium ${browser.version()}`);
process.exit(failed > 0 ? 1 : 0);
