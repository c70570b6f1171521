// Compares what the browser shows with a recorded picture. Another version of the browser or other
// fonts give other pixels: then a difference is told and does not fail.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Share of pixels that may differ, and by how much a colour must to count. */
const TOLERANCE = 0.02;
const DISTANCE = 48;

/** Version of the browser and the width of some letters: which pixels to expect. */
export async function fingerprint(browser) {
  const page = await browser.newPage();
  await page.setContent("<span style='font:100px system-ui'>Who storms 0123456789 ▲ ×</span>");
  const width = await page.evaluate(() => document.querySelector("span").getBoundingClientRect().width);
  await page.close();
  return `${browser.version()}, ${width.toFixed(1)} wide\n`;
}

export async function compare(browser, job, name, shot) {
  const file = name === "demo-light" ? job.screenshot : join(job.golden, `${name}.png`);
  const recorded = join(job.golden, "browser.txt");
  const now = await fingerprint(browser);
  if (job.bless) {
    writeFileSync(file, shot);
    writeFileSync(recorded, now);
    return [];
  }
  if (!existsSync(file)) return [`no recorded picture ${file}`];
  const share = await difference(browser, readFileSync(file), shot);
  if (share <= TOLERANCE) return [];
  const told = `${name}: ${(share * 100).toFixed(1)} % of the pixels differ from ${file}`;
  if (readFileSync(recorded, "utf8") === now) return [told];
  console.log(`warning: ${told}; recorded with ${readFileSync(recorded, "utf8").trim()}, here ${now.trim()}`);
  return [];
}

async function difference(browser, a, b) {
  const page = await browser.newPage();
  const share = await page.evaluate(
    async ([a, b, distance]) => {
      const pixels = async (data) => {
        const image = new Image();
        image.src = `data:image/png;base64,${data}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height);
      };
      const [one, two] = [await pixels(a), await pixels(b)];
      if (one.width !== two.width || one.height !== two.height) return 1;
      let differ = 0;
      for (let at = 0; at < one.data.length; at += 4) {
        const far = [0, 1, 2].some((c) => Math.abs(one.data[at + c] - two.data[at + c]) > distance);
        if (far) differ += 1;
      }
      return differ / (one.data.length / 4);
    },
    [a.toString("base64"), b.toString("base64"), DISTANCE],
  );
  await page.close();
  return share;
}
