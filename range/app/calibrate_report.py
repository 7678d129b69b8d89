"""A calibration on one page that needs nothing else: verdict, figures, the map of errors, what the camera saw."""

from base64 import b64encode
from html import escape

import cv2
import numpy as np

from calibration.figures import Finding, worst
from calibration.solve import covered
from calibration.solved import SolvedCalibration

MAP_WIDTH = 960.0
HEADS = {"pass": "Ready", "warn": "Usable, with care", "fail": "Not usable"}
ARROW_SHARE = 0.035  # of the map's width, for an error as large as the 95th percentile
ROUND = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def report_page(calibration: SolvedCalibration) -> str:
    """The page, as HTML."""
    verdict = worst(calibration.findings)
    first = calibration.findings[0]
    worse = [finding.sentence for finding in calibration.findings[1:] if finding.verdict == verdict != "pass"]
    lead = "".join(f'<p class="lead">{escape(sentence)}</p>' for sentence in (first.sentence, *worse[:1]))
    figures = "".join(_figure(finding) for finding in calibration.findings)
    width, height = calibration.screen
    camera_width, camera_height = calibration.camera.size
    facts = {
        "Screen": f"{width} × {height}",
        "Camera": f"{calibration.camera.identity or 'captures from a folder'}, {camera_width} × {camera_height}",
        "Orientation": _orientation(calibration),
        "One camera pixel": f"covers {calibration.figures.pixel:.1f} screen pixels",
        "Latency": f"{1000 * calibration.timing.seconds:.0f} ms"
        + (f" ± {1000 * calibration.timing.spread:.0f} ms" if calibration.timing.spread else ""),
        "Lens": f"k1 {calibration.lens.k1:+.3f}, k2 {calibration.lens.k2:+.3f}",
        "Made": calibration.made.replace("T", " ").replace("Z", " UTC"),
        "With": ", ".join(f"{name} {number}" for name, number in calibration.versions.items()),
    }
    facts |= {name: f"{value:g}" for name, value in calibration.camera.settings.items()}
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Calibration {escape(calibration.made)}</title><style>{STYLE}</style></head>
<body><main>
<header class="{verdict}"><p class="kind">Calibration</p><h1>{HEADS[verdict]}</h1>{lead}</header>
<section><h2>Figures</h2><ul class="figures">{figures}</ul></section>
<section><h2>Map of errors</h2>{_error_map(calibration)}</section>
<section><h2>What the camera saw</h2><div class="seen">{_pictures(calibration)}</div></section>
<section><h2>Details</h2><dl>{rows}</dl></section>
</main></body></html>
"""


def _figure(finding: Finding) -> str:
    return (
        f'<li class="{finding.verdict}"><span class="name">{escape(finding.figure)}</span>'
        f'<span class="value">{escape(finding.value)}</span><span class="mark">{finding.verdict}</span>'
        f"<p>{escape(finding.sentence)}</p></li>"
    )


def _orientation(calibration: SolvedCalibration) -> str:
    turned = {
        0: "upright",
        90: "turned a quarter to the right",
        180: "upside down",
        270: "turned a quarter to the left",
    }
    return turned.get(calibration.figures.turned, "turned") + (", mirrored" if calibration.figures.mirrored else "")


def _error_map(calibration: SolvedCalibration) -> str:
    """The screen as SVG: what is calibrated, and at each dot its error, enlarged."""
    width, height = calibration.screen
    scale = MAP_WIDTH / width
    tall = height * scale
    cells = (96, 54)
    grid = covered(calibration.inverse, calibration.seen, calibration.screen, cells)
    cell_width, cell_height = MAP_WIDTH / cells[0], tall / cells[1]
    unseen = []
    for row in range(cells[1]):
        columns = np.flatnonzero(np.diff(np.concatenate([[True], grid[row], [True]]).astype(int)))
        for begin, end in columns.reshape(-1, 2):
            unseen.append(
                f'<rect x="{begin * cell_width:.1f}" y="{row * cell_height:.1f}" '
                f'width="{(end - begin) * cell_width:.1f}" height="{cell_height + 0.3:.1f}"/>'
            )
    enlarged = max(calibration.figures.error_p95, 0.01)
    times = ROUND[int(np.argmin([abs(np.log(ARROW_SHARE * width / enlarged / step)) for step in ROUND]))]
    arrows = []
    for (x, y), (off_x, off_y) in zip(calibration.dots.places, calibration.dots.misses, strict=True):
        size = float(np.hypot(off_x, off_y))
        kind = "good" if size <= 0.25 else "fair" if size <= 0.5 else "poor"
        to_x, to_y = (x + off_x * times) * scale, (y + off_y * times) * scale
        arrows.append(
            f'<g class="{kind}"><circle cx="{x * scale:.1f}" cy="{y * scale:.1f}" r="2.2"/>'
            f'<line x1="{x * scale:.1f}" y1="{y * scale:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"/>'
            f"<title>{size:.2f} px at {x:.0f}, {y:.0f}</title></g>"
        )
    missing = calibration.dots.expected - len(calibration.dots.places)
    hidden = f" {missing} more dots were hidden." if missing else ""
    note = f"Each of {len(arrows)} dots took no part in the fit; its line is its error, enlarged {times} times.{hidden}"
    left_out = "" if grid.all() else '<span class="key"><i class="unseen"></i>not calibrated</span>'
    return f"""<figure><svg viewBox="-8 -8 {MAP_WIDTH + 16:.0f} {tall + 16:.0f}" role="img" aria-label="Map of errors">
<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<line y2="7"/></pattern></defs>
<rect class="screen" width="{MAP_WIDTH:.0f}" height="{tall:.1f}"/>
<g class="unseen">{"".join(unseen)}</g>{"".join(arrows)}</svg>
<figcaption>{note}<br><span class="key"><i class="good"></i>to 0.25 px</span>
<span class="key"><i class="fair"></i>to 0.5 px</span><span class="key"><i class="poor"></i>beyond</span>{left_out}
</figcaption></figure>"""


def _pictures(calibration: SolvedCalibration) -> str:
    """The kept pictures, with the calibrated part's outline over each."""
    height, width = calibration.seen.shape
    found, _ = cv2.findContours(calibration.seen, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outlines = " ".join(
        "M" + " L".join(f"{x} {y}" for x, y in cv2.approxPolyDP(line, 1.0, True).reshape(-1, 2)) + " Z"
        for line in found
    )
    parts = []
    for name, picture in calibration.references.items():
        coded = b64encode(cv2.imencode(".png", picture)[1].tobytes()).decode("ascii")
        parts.append(
            f'<figure><svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(name)}">'
            f'<image href="data:image/png;base64,{coded}" width="{width}" height="{height}"/>'
            f'<path d="{outlines}" stroke-width="{width / 320:.1f}"/></svg>'
            f"<figcaption>{escape(name)}</figcaption></figure>"
        )
    return "".join(parts)


STYLE = """
:root{color-scheme:light dark;--ink:#1b2226;--soft:#5d6a71;--line:#d9dfe2;--paper:#f5f7f8;--card:#fff;
  --pass:#1f7a4d;--warn:#a35b00;--fail:#b3261e;--good:#1f7a4d;--fair:#c27a08;--poor:#c5352b}
@media(prefers-color-scheme:dark){:root{--ink:#e8edef;--soft:#9aa8af;--line:#334047;--paper:#12181b;
  --card:#1a2226;--pass:#5cc993;--warn:#f0ad4e;--fail:#ff8a80;--good:#5cc993;--fair:#f0ad4e;--poor:#ff8a80}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
  font:16px/1.5 Inter,system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1040px;margin:0 auto;padding:40px 24px 64px}
header{border-left:6px solid var(--v);padding:2px 0 2px 20px}
.pass{--v:var(--pass)}
.warn{--v:var(--warn)}
.fail{--v:var(--fail)}
.kind{margin:0;color:var(--soft)}
h1{margin:0;font-size:44px;line-height:1.15;letter-spacing:-.02em;color:var(--v)}
.lead{margin:6px 0 0;font-size:20px}
h2{font-size:18px;margin:44px 0 14px}
.figures{list-style:none;margin:0;padding:0;border:1px solid var(--line);border-radius:10px;
  background:var(--card);overflow:hidden}
.figures li{display:grid;grid-template-columns:8.5em 6.5em 4em 1fr;gap:0 16px;align-items:baseline;
  padding:11px 18px;border-top:1px solid var(--line)}
.figures li:first-child{border-top:0}
.name{color:var(--soft)}
.name:first-letter{text-transform:uppercase}
.value{font-weight:600;font-variant-numeric:tabular-nums;white-space:nowrap}
.mark{color:var(--v);font-weight:600}
.figures p{margin:0}
figure{margin:0}
figcaption{color:var(--soft);font-size:14px;margin-top:8px}
svg{display:block;width:100%;height:auto}
.screen{fill:var(--card);stroke:var(--line);stroke-width:1.5}
#hatch line{stroke:var(--soft);stroke-width:1.6}
.unseen rect{fill:url(#hatch);opacity:.55}
.good{--c:var(--good)}
.fair{--c:var(--fair)}
.poor{--c:var(--poor)}
circle{fill:var(--c)}
g line{stroke:var(--c);stroke-width:1.8;stroke-linecap:round}
.key{display:inline-flex;align-items:center;gap:6px;margin-right:18px}
.key i{width:12px;height:12px;border-radius:6px;background:var(--c,transparent)}
.key i.unseen{border-radius:0;
  background:repeating-linear-gradient(45deg,var(--soft) 0 1.5px,transparent 1.5px 4px)}
.seen{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr));gap:18px}
.seen svg{border-radius:8px;background:#000}
.seen path{fill:none;stroke:#49c5ff}
.seen figcaption:first-letter{text-transform:uppercase}
dl{display:grid;grid-template-columns:10em 1fr;gap:6px 16px;margin:0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
@media(max-width:640px){.figures li{
  grid-template-columns:1fr auto auto}.figures p{
  grid-column:1/-1}dl{grid-template-columns:1fr}dd{margin-bottom:6px}h1{font-size:34px}}
@media print{body{background:#fff}main{padding:0}}
"""
