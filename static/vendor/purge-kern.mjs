// Makes kern/kern.css and ../icons/kern/*.svg from @kern-ux/native. See README.md.
// Usage: node purge-kern.mjs <folder holding node_modules> <static folder>
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const [work, out] = process.argv.slice(2).map((p) => path.resolve(p));
const postcss = createRequire(path.join(work, "x.js"))("postcss");
const source = path.join(work, "node_modules/@kern-ux/native");
const site = fs.readFileSync(path.join(out, "css/site.css"), "utf8");

// Blocks kept, with their elements (__) and modifiers (--).
const KEEP = ["alert", "body", "btn", "error", "fieldset", "form-check", "form-input", "hint", "icon",
  "label", "sr-only", "table", "table-responsive", "title"];
const DROP = /kern-(icon--|icon-|form-input__select|form-input__input--width|btn--x-small|table--striped|loader|form-check__radio|table--small|table__footer|btn--tertiary|layer)|type=file|data-kern-theme|readonly|date/;
const ICONS = new Set(["info", "success", "warning", "danger"]);
const block = (c) => c.replace(/^kern-/, "").replace(/(__|--).*$/, "");
const wanted = (sel) => {
  const classes = [...sel.matchAll(/\.(kern-[\w-]+)/g)].map((m) => m[1]);
  if (!classes.length) return sel.trim() === ":root";
  if (/kern-level|kern-light|kern-dark/.test(sel)) return sel.startsWith(":is(body") || sel.includes("kern-level-0");
  const icon = classes.find((c) => c.startsWith("kern-icon--"));
  if (icon ? !ICONS.has(icon.slice(11)) : DROP.test(sel)) return false;
  return classes.every((c) => KEEP.includes(block(c)));
};

// oklch() is unknown to older phones: written as hexadecimal sRGB.
const hex = (value) => value.replace(/oklch\(([\d.]+)%\s+([\d.]+)\s+([\d.]+)\)/g, (_, l, c, h) => {
  const L = l / 100, a = c * Math.cos(h * Math.PI / 180), b = c * Math.sin(h * Math.PI / 180);
  const [x, y, z] = [L + .3963377774 * a + .2158037573 * b, L - .1055613458 * a - .0638541728 * b,
    L - .0894841775 * a - 1.291485548 * b].map((v) => v ** 3);
  return "#" + [4.0767416621 * x - 3.3077115913 * y + .2309699292 * z, -1.2684380046 * x + 2.6097574011 * y
    - .3413193965 * z, -.0041960863 * x - .7034186147 * y + 1.707614701 * z].map((v) => {
    const s = v <= .0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - .055;
    return Math.round(Math.min(1, Math.max(0, s)) * 255).toString(16).padStart(2, "0");
  }).join("");
});

const root = postcss.parse(fs.readFileSync(path.join(source, "dist/kern.css"), "utf8"));
root.walkComments((c) => c.remove());
root.walkAtRules((r) => { if (["charset", "import", "font-face"].includes(r.name)) r.remove(); });
root.walkRules((rule) => {
  if (rule.parent.type === "atrule" && /keyframes/.test(rule.parent.name)) return;
  const kept = rule.selectors.filter(wanted);
  if (kept.length) rule.selectors = kept.map((s) => s.startsWith(":is(body") ? "body" : s); else rule.remove();
});

// data: icons become files (the content security policy allows 'self' only)
fs.mkdirSync(path.join(out, "icons/kern"), { recursive: true });
const names = new Map();
root.walkDecls((d) => {
  d.value = d.value.replace(/url\(\s*"data:image\/svg\+xml,([^"]*)"\s*\)/g, (_, data) => {
    const svg = decodeURIComponent(data).replace(/\s(height|width)=''/g, "");
    if (!names.has(svg)) {
      const base = (d.parent.selector.match(/kern-icon--(\w+)/) || d.parent.selector.match(/kern-([\w-]+)/))[1];
      const used = [...names.values()].filter((n) => n.startsWith(base)).length;
      names.set(svg, used ? `${base}-${used + 1}` : base);
      fs.writeFileSync(path.join(out, `icons/kern/${names.get(svg)}.svg`), svg + "\n");
    }
    return `url("../../icons/kern/${names.get(svg)}.svg")`;
  });
  d.value = hex(d.value).replace(/\s+/g, " ");
});

// custom properties that nothing reads any more go, again and again until none is left
for (let before = -1, count = 0; before !== count;) {
  before = count;
  const used = new Set([...(root.toString() + site).matchAll(/var\(\s*(--kern-[\w-]+)/g)].map((m) => m[1]));
  root.walkDecls(/^--kern-/, (d) => { if (!used.has(d.prop)) { d.remove(); count += 1; } });
}
// a fallback is dead weight where the property is defined for every page
const defined = new Set();
root.walkDecls(/^--kern-/, (d) => { defined.add(d.prop); });
root.walkDecls((d) => {
  d.value = d.value.replace(/var\((--kern-[\w-]+),\s*[^()]*\)/g, (all, p) => defined.has(p) ? `var(${p})` : all);
});
for (let i = 0; i < 3; i += 1) root.walk((n) => { if (n.nodes && !n.nodes.length) n.remove(); });

const body = root.toString().replace(/\n\s*/g, "\n").replace(/\n{2,}/g, "\n");
const minimal = body.replace(/\s*([{};,])\s*/g, "$1").replace(/:\s+/g, (m, i) => ":").replace(/;}/g, "}");
fs.mkdirSync(path.join(out, "vendor/kern"), { recursive: true });
const version = JSON.parse(fs.readFileSync(path.join(source, "package.json"), "utf8")).version;
fs.writeFileSync(path.join(out, "vendor/kern/kern.css"),
  `/*! KERN UX native ${version}, EUPL-1.2, reduced and modified: see ../README.md */\n@layer kern{${minimal}}\n`);
fs.copyFileSync(path.join(source, "LICENSE.md"), path.join(out, "vendor/kern/LICENSE.md"));
console.log(`kern.css ${fs.statSync(path.join(out, "vendor/kern/kern.css")).size} bytes, ${names.size} icons`);
