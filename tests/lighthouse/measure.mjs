// Runs Lighthouse over pages in one Chromium and prints, a line a run, what it found.
// Usage: node measure.mjs <folder with node_modules> <runs> <url> …   (CHROME_PATH names the browser)
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, runs, ...urls] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(folder, "node_modules", path)));
const { default: lighthouse } = await load("lighthouse/core/index.js");
const { launch } = await load("chrome-launcher/dist/index.js");

const flags = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"];
if (process.getuid?.() === 0) flags.push("--no-sandbox");
const chrome = await launch({ chromeFlags: flags });
const options = {
  port: chrome.port,
  logLevel: "error",
  formFactor: "mobile",
  throttlingMethod: "simulate", // a slow phone on slow 4G is reckoned, so that a busy machine decides less
  onlyCategories: ["performance", "accessibility", "best-practices", "seo"],
  disableFullPageScreenshot: true,
};

// Lighthouse makes a phone of a desktop by slowing it down 4 times. Below an index of 1,000 it warns that the
// machine is no desktop and asks to slow down less: in proportion, here, so that the phone stays the same one.
const DESKTOP = 1000, SLOWED = 4;
const config = (slowed) => ({ extends: "lighthouse:default", settings: { throttling: { cpuSlowdownMultiplier: slowed } } });

try {
  const { lhr: first } = await lighthouse(urls[0], options); // also warms up browser and server
  const slowed = Math.max(1, SLOWED * Math.min(1, first.environment.benchmarkIndex / DESKTOP));
  for (const url of urls) {
    for (let run = 0; run < Number(runs); run += 1) {
      let lhr;
      for (let tries = 3; tries && (!lhr || lhr.runtimeError); tries -= 1) { // a trace may fail to come
        ({ lhr } = await lighthouse(url, options, config(slowed)));
      }
      const scores = Object.fromEntries(Object.entries(lhr.categories).map(([name, { score }]) => [name, score]));
      const weighed = Object.values(lhr.categories).flatMap((c) => c.auditRefs.filter((a) => a.weight).map((a) => a.id));
      const lost = weighed.filter((id) => lhr.audits[id].score !== null && lhr.audits[id].score < 1);
      console.log(JSON.stringify({
        url,
        scores,
        lcp: lhr.audits["largest-contentful-paint"].numericValue, // milliseconds
        cls: lhr.audits["cumulative-layout-shift"].numericValue,
        nodes: lhr.audits["dom-size-insight"]?.details?.debugData?.totalElements ?? null,
        lost: lost.map((id) => `${id} ${lhr.audits[id].score} ${lhr.audits[id].displayValue ?? ""}`),
        machine: lhr.environment.benchmarkIndex,
        slowed,
        error: lhr.runtimeError?.message ?? null,
      }));
    }
  }
} finally {
  await chrome.kill();
}
