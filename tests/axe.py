"""What axe-core, the checker of accessibility, finds wrong in an open page."""

from course import ROOT

SCRIPT = ROOT / ".cache" / "web" / "axe.min.js"
# axe asks for the colour that fills letters. With forced colours Chromium answers with the page's, which it does not
# paint; the computed `color` is the one it paints.
PAINTED = """() => {
  const style = CSSStyleDeclaration.prototype, { getPropertyValue } = style;
  if (!matchMedia("(forced-colors: active)").matches || style.painted) return;
  style.painted = true;
  style.getPropertyValue = function (name) {
    return getPropertyValue.call(this, name === "-webkit-text-fill-color" ? "color" : name);
  };
}"""


# What other colours can break
OF_COLOURS = ["color-contrast", "link-in-text-block"]


def violations(page, selector=None, rules=None):
    """`[(rule, selector, HTML)]` of the elements of a page of Playwright that break a rule, or one of these `rules`.

    With a `selector`, only what it selects and what is in it is looked at.
    """
    page.evaluate(PAINTED)
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    run = """([where, rules]) => axe.run(where ?? document, {
      resultTypes: ["violations"], ...(rules && { runOnly: { type: "rule", values: rules } })
    })"""
    result = page.evaluate(run, [selector, rules])
    return [
        (violation["id"], node["target"][0], node["html"][:200])
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
