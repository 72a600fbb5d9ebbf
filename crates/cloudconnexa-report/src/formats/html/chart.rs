//! Charts, as SVG within the page.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::time;
use crate::overview::TimeWindow;
use crate::text::count;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 240.0;
/// Margins for the labels of the axes.
const LEFT: f64 = 64.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 24.0;

/// The width of a label on the axis of time.
const LABEL_WIDTH: f64 = 80.0;

/// The maximum number of labels on the axis of time.
const MAX_LABELS: usize = 8;

/// A series of a stacked chart. The style of the page gives its class a colour.
pub(super) struct Series<'a> {
    pub(super) name: &'a str,
    pub(super) class: String,
    pub(super) values: Vec<u64>,
}

/// Draws stacked bars over time.
pub(super) fn stacked(title: &str, shown: &TimeWindow, series: &[Series<'_>]) -> Markup {
    let total = |nth: usize| series.iter().map(|series| series.values[nth]).sum::<u64>();
    let most = (0..shown.buckets.len()).map(total).max().unwrap_or(0);
    let scale = Scale::new(most, shown.buckets.len());
    html! {
        (frame(title, &scale, shown, &html! {
            @for nth in 0..shown.buckets.len() {
                @if total(nth) > 0 {
                    g {
                        title { (tip(shown, nth, series)) }
                        @for (index, one) in series.iter().enumerate() {
                            @let below: u64 = series[..index].iter().map(|series| series.values[nth]).sum();
                            @let value = one.values[nth];
                            @if value > 0 {
                                rect class=(one.class) x=(px(scale.x(nth))) width=(px(scale.bar()))
                                    y=(px(scale.y(below + value))) height=(px(scale.y(below) - scale.y(below + value))) {}
                            }
                        }
                    }
                }
            }
        }))
        ul.legend {
            @for one in series { li { span class={ "swatch " (one.class) } {} (one.name) } }
        }
    }
}

/// Draws a line over time that keeps its height for each step.
pub(super) fn steps(title: &str, shown: &TimeWindow, values: &[u64]) -> Markup {
    let most = values.iter().copied().max().unwrap_or(0);
    let scale = Scale::new(most, values.len());
    let mut line = format!("M{} {}", px(scale.x(0)), px(scale.y(0)));
    for (nth, value) in values.iter().enumerate() {
        let _ = write!(line, "V{}H{}", px(scale.y(*value)), px(scale.x(nth + 1)));
    }
    let _ = write!(line, "V{}Z", px(scale.y(0)));
    frame(
        title,
        &scale,
        shown,
        &html! {
            path.area d=(line) {}
            @for (nth, value) in values.iter().enumerate() {
                rect.hover x=(px(scale.x(nth))) width=(px(scale.width())) y=(px(TOP)) height=(px(HEIGHT - TOP - BOTTOM)) {
                    title { (time::show(shown.start + shown.step * at(nth), shown.step)) ": " (count(*value)) }
                }
            }
        },
    )
}

/// Draws a bar within a cell of a table, as long as the share.
pub(super) fn bar(value: u64, of: u64) -> Markup {
    let share = percent(value, of);
    html! { span.bar { span style={ "width:" (format!("{share:.1}")) "%" } {} } }
}

#[expect(clippy::cast_precision_loss, reason = "a share of a length on a screen")]
pub(super) fn percent(value: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { 100.0 * value as f64 / of as f64 }
}

fn tip(shown: &TimeWindow, nth: usize, series: &[Series<'_>]) -> String {
    let mut text = time::show(shown.start + shown.step * at(nth), shown.step);
    for one in series.iter().filter(|one| one.values[nth] > 0) {
        let _ = write!(text, "\n{}: {}", one.name, count(one.values[nth]));
    }
    text
}

/// Draws the axes around `inner`.
fn frame(title: &str, scale: &Scale, shown: &TimeWindow, inner: &Markup) -> Markup {
    let marks = time::marks(shown.start, shown.step, scale.steps, MAX_LABELS);
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(title) {
            @for value in scale.marks() {
                @let y = px(scale.y(value));
                line.grid x1=(px(LEFT)) x2=(px(WIDTH - RIGHT)) y1=(y) y2=(y) {}
                text.mark x=(px(LEFT - 6.0)) y=(y) text-anchor="end" dominant-baseline="middle" { (count(value)) }
            }
            (inner)
            // A label that starts too far to the right would be cut off.
            @for nth in marks.into_iter().filter(|nth| *nth == 0 || scale.x(*nth) < WIDTH - LABEL_WIDTH) {
                text.mark x=(px(scale.x(nth))) y=(px(HEIGHT - 6.0)) {
                    (time::mark(shown.start + shown.step * at(nth), shown.step))
                }
            }
        }
    }
}

/// Maps values and steps of time to coordinates.
struct Scale {
    top: u64,
    mark: u64,
    steps: usize,
}

#[expect(clippy::cast_precision_loss, reason = "coordinates on a screen")]
impl Scale {
    fn new(most: u64, steps: usize) -> Self {
        let mark = round_up(most.div_ceil(4).max(1));
        Self { top: most.div_ceil(mark).max(1) * mark, mark, steps: steps.max(1) }
    }

    fn marks(&self) -> impl Iterator<Item = u64> {
        let mark = self.mark;
        (0..=self.top / mark).map(move |nth| nth * mark)
    }

    fn width(&self) -> f64 {
        (WIDTH - LEFT - RIGHT) / self.steps as f64
    }

    /// Returns the width of a bar, which leaves a gap if there is room for one.
    fn bar(&self) -> f64 {
        if self.width() > 4.0 { self.width() - 1.0 } else { self.width() }
    }

    fn x(&self, step: usize) -> f64 {
        LEFT + self.width() * step as f64
    }

    fn y(&self, value: u64) -> f64 {
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value as f64 / self.top as f64
    }
}

/// Returns the smallest of 1, 2, 5, 10, 20 … that is at least `minimum`.
fn round_up(minimum: u64) -> u64 {
    let mut unit: u64 = 1;
    loop {
        for factor in [1, 2, 5] {
            let value = unit.saturating_mul(factor);
            if value >= minimum {
                return value;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

fn px(coordinate: f64) -> String {
    format!("{coordinate:.1}")
}

fn at(nth: usize) -> i64 {
    i64::try_from(nth).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
