"""What axe-core, the checker of accessibility, finds wrong in an open page."""

from course import ROOT

SCRIPT = ROOT / ".cache" / "web" / "axe.min.js"
# axe asks for the colour that fills letters. With forced colours Chromium answers with the page's, which it does not
# paint; the computed `color` is the one it paints.
PAINTED = """() => {
  const style = CSSStyleDeclaration.prototype, { getPropertyValue } = style;
  const forced = matchMedia("(forced-colors: active)");
  style.getPropertyValue = function (name) {
    return getPropertyValue.call(this, forced.matches && name === "-webkit-text-fill-color" ? "color" : name);
  };
}"""
# Contrast is what takes axe long: a chapter has seven thousand pieces of text. Letters that look alike, on grounds that
# look alike all the way up, have the same. So of those in running text axe looks at the first, the last and the
# longest; in figures, and where something floats over something else, at all.
APART = """where => {
  const all = [...document.querySelectorAll(where ?? "body")].flatMap(one => [one, ...one.querySelectorAll("*")]);
  const grounds = new Map([[null, ""]]), groups = new Map();
  const ground = one => {
    if (!grounds.has(one)) {
      const style = getComputedStyle(one), below = ground(one.parentElement);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode];
      const plain = own.join() === "rgba(0, 0, 0, 0),none,1,none,normal";
      const alone = ["absolute", "fixed", "sticky"].includes(style.position) || one.matches(FIGURES);
      grounds.set(one, alone || below === null ? null : plain ? below : `${below} / ${own}`);
    }
    return grounds.get(one);
  };
  const mark = one => one.setAttribute("data-apart", "");
  for (const one of all) {
    one.removeAttribute("data-apart");
    const texts = [...one.childNodes].filter(node => node.nodeType === Node.TEXT_NODE);
    const letters = texts.map(node => node.data.trim()).join("").length;
    if (letters === 0 || !one.checkVisibility({ visibilityProperty: true })) continue;
    if (ground(one) === null) mark(one);
    const { color, webkitTextFillColor, textShadow, fontSize, fontWeight } = getComputedStyle(one);
    const look = [ground(one), color, webkitTextFillColor, textShadow, fontSize, fontWeight].join();
    if (!groups.has(look)) groups.set(look, []);
    groups.get(look).push({ one, letters });
  }
  for (const group of groups.values()) {
    const longest = group.reduce((most, next) => next.letters > most.letters ? next : most);
    for (const { one } of [group[0], longest, group.at(-1)]) mark(one);
  }
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-apart], input, select, textarea" }] });
}""".replace("FIGURES", '".course-view, .course-pad, .course-machine"')
# axe does not say what letters on a gradient stand on. Code has one, which shows that it moves in its box.
PLAIN = "pre { background-image: none !important }"
# What other colours can break
OF_COLOURS = ["color-contrast", "link-in-text-block"]
# How the system may be set: the theme, and whether it forces its colours on every page
LIGHT, DARK = ("light", "none"), ("dark", "none")
FORCED, FORCED_DARK = ("light", "active"), ("dark", "active")
# The theme fades from one colour to the next: what changes its colour little by little is through with it
FADED = "() => document.getAnimations().forEach(one => one.finish())"
IN_SIGHT = "() => [...document.querySelectorAll('body *')].filter(one => one.checkVisibility()).length"


def violations(page, selector=None, rules=None):
    """`[(rule, selector, HTML)]` of the elements of a page of Playwright that break a rule, or one of these `rules`.

    With a `selector`, only what it selects and what is in it is looked at.
    """
    if not page.evaluate("'axe' in window"):
        page.add_style_tag(content=PLAIN)
        page.evaluate(PAINTED)
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    page.evaluate(APART, selector)
    run = """([where, rules]) => axe.run(where ?? document, {
      resultTypes: ["violations"], ...(rules && { runOnly: { type: "rule", values: rules } })
    })"""
    result = page.evaluate(run, [selector, rules])
    return [
        (violation["id"], node["target"][0], node["html"][:200])
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def broken(page, selector=None, systems=(LIGHT, DARK, FORCED, FORCED_DARK)):
    """`{system: violations}` of an open page, without the systems that have none.

    The first by all rules; another by those that colours can break, if the same elements are in sight.
    """
    found, in_sight = {}, []
    for theme, forced in systems:
        page.emulate_media(color_scheme=theme, forced_colors=forced)
        if page.locator("html[data-theme]").count():  # the entrance has none
            page.locator(f"html[data-theme={theme}]").wait_for(state="attached")
        page.evaluate(FADED)
        in_sight.append(page.evaluate(IN_SIGHT))
        alike = len(in_sight) > 1 and in_sight[-1] == in_sight[0]
        found[theme, forced] = violations(page, selector, OF_COLOURS if alike else None)
    return {system: wrong for system, wrong in found.items() if wrong}
