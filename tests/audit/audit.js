// node audit.js CHROME CATEGORIES URL...: what Lighthouse says of pages, as JSON
// {url: {category: [score, what is wrong]}}. Categories are separated by commas.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [chromePath, categories, ...urls] = process.argv.slice(2);
const chrome = await launch({ chromePath, chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
const answers = {};
for (const url of urls) {
  const { lhr } = await lighthouse(url, {
    port: chrome.port,
    logLevel: "error",
    disableFullPageScreenshot: true,
    onlyCategories: categories.split(","),
  });
  answers[url] = Object.fromEntries(
    Object.values(lhr.categories).map((category) => [category.id, [category.score, wrong(lhr, category)]]),
  );
}
await chrome.kill();
console.log(JSON.stringify(answers));

function wrong({ audits }, category) {
  const weighed = category.auditRefs.filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1);
  return weighed.map(({ id }) => `${id}: ${audits[id].title}`);
}
