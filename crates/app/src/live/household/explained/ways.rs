//! What would have to change for a household to leave its band, in amounts that people can read.

use super::{Study, Value, Way};
use crate::sentences::{self, Known};
use crate::words::{Both, Language};
use monitor::explain::{Explanation, WayOut};
use pack::{Indicator, Take};

/// What moves, from what and to what: an attribute by its index, else the indicator itself.
struct Moves {
    attribute: Option<usize>,
    from: Option<Value>,
    to: Option<Value>,
}

impl Study {
    pub(super) fn way(&self, it: &Explanation, way: &WayOut) -> Way {
        let pack = self.policy.pack();
        let indicator = &pack.indicators[way.indicator];
        let now = it.indicators[way.indicator].value.clone();
        let needed = way.value_needed.clone();
        let Moves { attribute, from, to } = self
            .with_known(|known| moved(indicator, known, needed.as_ref()))
            .unwrap_or_else(|| {
                let to = enough(now.as_ref(), needed, false);
                Moves { attribute: None, from: now, to }
            });
        let attribute = attribute.map(|it| &pack.attributes[it]);
        let told = |value: &Value| {
            Both::each(|language: Language| match attribute {
                Some(attribute) => sentences::value(attribute, value, language),
                None => sentences::own_value(pack, indicator, value, language),
            })
        };
        let falls = match (&from, &to) {
            (Some(Value::Number(from)), Some(Value::Number(to))) => Some(to < from),
            _ => None,
        };
        let label = attribute.map_or(&indicator.label, |it| &it.label);
        let both = from.as_ref().zip(to.as_ref()).map(|(from, to)| (told(from), told(to)));
        let moves = both.as_ref().map(|(from, to)| (from, to, falls));
        Way {
            indicator: indicator.id.clone(),
            label: Both::of(label),
            attribute: attribute.map(|it| it.id.clone()),
            band_after: way.band,
            composite_after: way.composite.points(),
            sentence: sentences::of_way_out(label, moves, way),
            from,
            to,
        }
    }
}

/// The attribute that has to move for an indicator to reach a value, where it is one times what is
/// known.
fn moved(indicator: &Indicator, known: &Known<'_>, needed: Option<&Value>) -> Option<Moves> {
    let (index, factor) = known.factor(indicator.value.as_ref()?)?;
    let attribute = &known.pack.attributes[index];
    let is_whole = attribute.from.as_ref().is_some_and(|it| it.take == Take::Count);
    let from = known.attribute(index)?;
    let to = match needed? {
        Value::Number(needed) => Value::Number(needed / factor),
        other => other.clone(),
    };
    let to = enough(Some(&from), Some(to), is_whole);
    Some(Moves { attribute: Some(index), from: Some(from), to })
}

/// A number as it is written, moved on to the next one that can be, so that what stands there is
/// really enough: whole where it counts or is great, else in hundredths.
fn enough(from: Option<&Value>, to: Option<Value>, is_whole: bool) -> Option<Value> {
    let (Some(Value::Number(from)), Some(Value::Number(to))) = (from, &to) else { return to };
    let parts = if is_whole || to.abs() >= 100.0 { 1.0 } else { 100.0 };
    let shown = if to < from { (to * parts).floor() } else { (to * parts).ceil() } / parts;
    Some(Value::Number(shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_enough() {
        let check = |from: f64, to: f64, is_whole| {
            let to = enough(Some(&Value::Number(from)), Some(Value::Number(to)), is_whole);
            let Some(Value::Number(to)) = to else { panic!("no number") };
            to
        };
        assert_eq!(check(7_173.0, 8_000.000_04, false), 8_001.0);
        assert_eq!(check(23_038.0, 14_345.99, false), 14_345.0);
        assert_eq!(check(0.72, 0.800_000_1, false), 0.81);
        assert_eq!(check(0.0, 1.2, true), 2.0);
    }
}
