//! Time against size, drawn.
//!
//! In: panels of lines. Out: an SVG picture, both axes logarithmic, readable on light and dark ground.

use std::fmt::Write;

/// One workload.
pub(crate) struct Panel {
    pub(crate) title: String,
    pub(crate) lines: Vec<Line>,
}

/// One engine.
pub(crate) struct Line {
    pub(crate) name: &'static str,
    pub(crate) points: Vec<Point>,
}

/// One measurement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    /// Rows read and derived.
    pub(crate) size: f64,
    pub(crate) seconds: f64,
}

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 340.0;
const LEFT: f64 = 52.0;
const TOP: f64 = 40.0;
/// Room for the names of lines behind each panel.
const NAMES: f64 = 128.0;
const BOTTOM: f64 = 48.0;
/// The least distance of two names.
const APART: f64 = 13.0;

/// The first is Entail's; they can be told apart on both grounds.
const COLORS: [&str; 11] = [
    "#e03131", "#868e96", "#1c7ed6", "#2f9e44", "#e8890c", "#ae3ec9", "#0c9ba8", "#8f6f3f", "#6076d8", "#66a80f",
    "#e64980",
];

/// Draws the panels beside each other.
pub(crate) fn draw(panels: &[Panel]) -> String {
    let step = LEFT + WIDTH + NAMES;
    let (width, height) = (step * panels.len() as f64, TOP + HEIGHT + BOTTOM);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<title>Time against size</title>\n<style>\n\
         text {{ fill: #333; }} .frame {{ stroke: #888; fill: none; }} .grid {{ stroke: #888; stroke-opacity: 0.3; }}\n\
         @media (prefers-color-scheme: dark) {{ text {{ fill: #ddd; }} }}\n</style>\n"
    );
    let mut names: Vec<&str> = Vec::new();
    for line in panels.iter().flat_map(|panel| &panel.lines) {
        if !names.contains(&line.name) {
            names.push(line.name);
        }
    }
    for (at, panel) in panels.iter().enumerate() {
        let Some(axes) = Axes::around(panel, LEFT + step * at as f64) else { continue };
        axes.draw(&panel.title, &mut svg);
        lines(panel, &axes, &names, &mut svg);
    }
    svg + "</svg>\n"
}

/// From numbers to places.
struct Axes {
    left: f64,
    size: Scale,
    seconds: Scale,
}

/// Powers of ten, from the first to the last.
struct Scale {
    first: i32,
    last: i32,
}

impl Scale {
    fn around(values: impl Iterator<Item = f64>) -> Option<Scale> {
        let logs: Vec<f64> = values.map(f64::log10).collect();
        let low = logs.iter().copied().min_by(f64::total_cmp)?.floor() as i32;
        let high = logs.iter().copied().max_by(f64::total_cmp)?.ceil() as i32;
        Some(Scale { first: low, last: high.max(low + 1) })
    }

    /// Between 0 and 1.
    fn place(&self, value: f64) -> f64 {
        (value.log10() - f64::from(self.first)) / f64::from(self.last - self.first)
    }

    fn ticks(&self) -> impl Iterator<Item = i32> {
        self.first..=self.last
    }
}

impl Axes {
    fn around(panel: &Panel, left: f64) -> Option<Axes> {
        let points = || panel.lines.iter().flat_map(|line| &line.points);
        let size = Scale::around(points().map(|point| point.size))?;
        let seconds = Scale::around(points().map(|point| point.seconds))?;
        Some(Axes { left, size, seconds })
    }

    fn x(&self, size: f64) -> f64 {
        self.left + self.size.place(size) * WIDTH
    }

    fn y(&self, seconds: f64) -> f64 {
        TOP + (1.0 - self.seconds.place(seconds)) * HEIGHT
    }

    fn draw(&self, title: &str, svg: &mut String) {
        let (left, bottom, middle) = (self.left, TOP + HEIGHT, self.left + WIDTH / 2.0);
        push(svg, format_args!("<text x=\"{middle}\" y=\"22\" text-anchor=\"middle\" font-size=\"15\">{title}</text>"));
        for power in self.size.ticks() {
            let x = self.x(10f64.powi(power));
            push(svg, format_args!("<path class=\"grid\" d=\"M{x:.1} {TOP}V{bottom}\"/>"));
            let label = amount(power);
            push(svg, format_args!("<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>", bottom + 16.0));
        }
        for power in self.seconds.ticks() {
            let y = self.y(10f64.powi(power));
            push(svg, format_args!("<path class=\"grid\" d=\"M{left} {y:.1}h{WIDTH}\"/>"));
            let (x, y, label) = (left - 6.0, y + 4.0, duration(power));
            push(svg, format_args!("<text x=\"{x}\" y=\"{y:.1}\" text-anchor=\"end\">{label}</text>"));
        }
        push(
            svg,
            format_args!("<rect class=\"frame\" x=\"{left}\" y=\"{TOP}\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>"),
        );
        let y = bottom + 36.0;
        push(svg, format_args!("<text x=\"{middle}\" y=\"{y}\" text-anchor=\"middle\">rows read and derived</text>"));
    }
}

/// The lines, and at the end of each its name, moved down where it would cover another.
fn lines(panel: &Panel, axes: &Axes, names: &[&str], svg: &mut String) {
    let mut ends = Vec::new();
    for line in &panel.lines {
        let Some(last) = line.points.last() else { continue };
        let at = names.iter().position(|name| *name == line.name).unwrap_or(0);
        let color = COLORS[at % COLORS.len()];
        let width = if at == 0 { 3.0 } else { 1.5 };
        let places: Vec<String> =
            line.points.iter().map(|point| format!("{:.1} {:.1}", axes.x(point.size), axes.y(point.seconds))).collect();
        let path = places.join("L");
        push(svg, format_args!("<path d=\"M{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"/>"));
        for place in &places {
            let (x, y) = place.split_once(' ').expect("two numbers");
            push(svg, format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{width}\" fill=\"{color}\"/>"));
        }
        ends.push((axes.y(last.seconds), line.name, color));
    }
    ends.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut free = TOP;
    let room = APART * ends.len() as f64;
    for (at, (y, name, color)) in ends.into_iter().enumerate() {
        let lowest = TOP + HEIGHT - room + APART * at as f64;
        let y = y.min(lowest).max(free);
        free = y + APART;
        let (x, y) = (axes.left + WIDTH + 6.0, y + 4.0);
        push(svg, format_args!("<text x=\"{x}\" y=\"{y:.1}\" style=\"fill: {color}\">{name}</text>"));
    }
}

fn push(svg: &mut String, element: std::fmt::Arguments) {
    writeln!(svg, "{element}").expect("a string takes what it is given");
}

/// `10k` for a power of ten.
fn amount(power: i32) -> String {
    let (unit, rest) = match power {
        ..3 => ("", power),
        3..6 => ("k", power - 3),
        6..9 => ("M", power - 6),
        9.. => ("G", power - 9),
    };
    format!("{}{unit}", 10f64.powi(rest))
}

/// `10 ms` for a power of ten of seconds.
fn duration(power: i32) -> String {
    if power < 0 { format!("{} ms", 10f64.powi(power + 3)) } else { format!("{} s", 10f64.powi(power)) }
}
