//! Every pair of colours that meet as text and ground is at least 4.5:1, light and dark (WCAG 2.2, 1.4.3).

use std::collections::BTreeMap;

use idp_web::pages::STYLESHEET;

/// Text on ground, as the stylesheet uses them.
const PAIRS: [(&str, &str); 9] = [
    ("text", "ground"),
    ("text", "surface"),
    ("quiet", "ground"),
    ("quiet", "surface"),
    ("accent", "ground"),
    ("accent", "surface"),
    ("danger", "ground"),
    ("danger", "surface"),
    ("on-accent", "accent"),
];

#[test]
fn every_pair_of_tokens_can_be_read() {
    let themes = themes();
    assert_eq!(themes.len(), 2, "one light theme, one dark");
    for (theme, tokens) in themes.iter().enumerate() {
        for (text, ground) in PAIRS {
            let ratio = contrast(tokens[text], tokens[ground]);
            assert!(ratio >= 4.5, "theme {theme}: {text} on {ground} is {ratio:.2}:1");
        }
    }
}

#[test]
fn no_colour_is_used_that_is_not_a_token() {
    for line in STYLESHEET.lines().filter(|line| line.contains('#') && !line.trim().starts_with("--")) {
        assert!(!line.contains(": #"), "a colour outside the tokens: {line}");
    }
}

/// The tokens of each `:root` block, in order: light, then dark.
fn themes() -> Vec<BTreeMap<&'static str, [f64; 3]>> {
    STYLESHEET
        .split(":root {")
        .skip(1)
        .map(|block| {
            let (body, _) = block.split_once('}').unwrap();
            body.split(';')
                .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"))
                .map(|(name, hex)| (name, rgb(hex)))
                .collect()
        })
        .collect()
}

fn rgb(hex: &str) -> [f64; 3] {
    assert_eq!(hex.len(), 6, "{hex}");
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0)
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(rgb: [f64; 3]) -> f64 {
    let [r, g, b] = rgb.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}
