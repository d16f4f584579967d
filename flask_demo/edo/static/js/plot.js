// Le dessin de la solution, sur le champ des pentes. uPlot est chargé juste avant.

const data = document.getElementById("drawing");
const place = document.getElementById("plot");
const dark = window.matchMedia("(prefers-color-scheme: dark)");

const SLOPE_LENGTH = 14; // pixels

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function drawField(plot, field) {
  const { ctx } = plot;
  const length = SLOPE_LENGTH * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
  ctx.clip();
  ctx.beginPath();
  ctx.strokeStyle = colour("--line");
  ctx.globalAlpha = 0.6;
  ctx.lineWidth = devicePixelRatio;
  for (const [t, y, slope] of field) {
    const x0 = plot.valToPos(t, "x", true);
    const y0 = plot.valToPos(y, "y", true);
    // La pente à l’écran : les deux axes n’ont pas la même échelle, et y y descend.
    const dx = plot.valToPos(t + 1, "x", true) - x0;
    const dy = (plot.valToPos(y + 1, "y", true) - y0) * slope;
    const norm = Math.hypot(dx, dy) || 1;
    ctx.moveTo(x0 - (dx / norm) * (length / 2), y0 - (dy / norm) * (length / 2));
    ctx.lineTo(x0 + (dx / norm) * (length / 2), y0 + (dy / norm) * (length / 2));
  }
  ctx.stroke();
  ctx.restore();
}

function draw({ t, y, exact, field, range }) {
  const axis = { stroke: colour("--ink"), grid: { show: false }, ticks: { stroke: colour("--line") } };
  const series = [{ label: "t" }, { label: "y calculée", stroke: colour("--accent"), width: 3 }];
  const columns = [t, y];
  if (exact) {
    series.push({ label: "y exacte", stroke: colour("--bad"), width: 2, dash: [8, 8] });
    columns.push(exact);
  }
  place.replaceChildren();
  new uPlot(
    {
      width: place.clientWidth,
      height: 380,
      scales: { x: { time: false }, y: { range } },
      axes: [axis, { ...axis, size: 70 }],
      series,
      hooks: { drawClear: [(plot) => drawField(plot, field)] },
    },
    columns,
    place,
  );
}

if (data) {
  const drawing = JSON.parse(data.textContent);
  const redraw = () => draw(drawing);
  redraw();
  dark.addEventListener("change", redraw);
  window.addEventListener("resize", redraw);
}
