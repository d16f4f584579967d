// « À vous »: tasks, each checked in the page's Python on the reader's own files.
import { make } from "./dom.js";

/**
 * Return the list of tasks of a demo, under its name: a page may hold several.
 *
 * @param {string} demo
 * @param {{name: string, statement: string, source: string}[]} tasks
 * @param {(source: string) => Promise<{passed: boolean, message: string}>} check
 */
export function tasksPanel(demo, tasks, check) {
  const items = tasks.map((task) => {
    const result = make("p", { className: "live-result", role: "status" });
    const button = make("button", { type: "button", textContent: "Vérifier" });
    button.addEventListener("click", async () => {
      button.disabled = true;
      result.textContent = "…";
      const { passed, message } = await check(task.source);
      result.textContent = message;
      result.dataset.passed = passed;
      button.disabled = false;
    });
    const statement = make("p", {});
    statement.innerHTML = task.statement; // made by the book's build, from its own files
    return make("li", { "data-task": task.name }, statement, button, result);
  });
  const title = make("p", { className: "live-title", textContent: "À vous" });
  const name = `À vous, dans ${demo}`;
  return make("section", { className: "live-tasks", "aria-label": name }, title, make("ol", {}, ...items));
}
