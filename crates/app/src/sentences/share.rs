//! One amount against another, as a sentence.

use super::known::operands;
use super::{Known, amount, amounts, is_pure, lower, unit_of};
use crate::words::Language;
use pack::expr::{Arithmetic, Node};
use pack::{Expr, Indicator, Label};

/// An indicator that is one amount against another.
pub struct Share<'a> {
    above: Side<'a>,
    below: Side<'a>,
}

/// One of the two: an attribute, a line in force, several together, or one for so many others.
struct Side<'a> {
    labels: Vec<&'a Label>,
    number: f64,
    unit: String,
    /// How many others it is shared by, and their unit.
    among: Option<(f64, String)>,
    /// Whether it is a line in force.
    is_line: bool,
}

impl<'a> Share<'a> {
    /// The two sides, where both are known and there is something above.
    pub fn of(indicator: &Indicator, known: &Known<'a>) -> Option<Self> {
        let (above, below) = operands(indicator.value.as_ref()?)?;
        let share = Self { above: Side::of(above, known)?, below: Side::of(below, known)? };
        // A debt is told as a share of a year's income, as people do.
        let is_of_a_year = share.below.unit == format!("{}/year", share.above.unit);
        let is_share = is_pure(indicator) || is_of_a_year;
        (is_share && share.above.number > 0.0).then_some(share)
    }

    /// E.g. "All debt, 30,000 yuan, is 68 % of net income of the last twelve months, 44,000 yuan a
    /// year".
    pub fn sentence(&self, language: Language) -> String {
        let (a, above) = (self.above.name(language), self.above.told(language));
        let (b, below) = (self.below.name(language), self.below.told(language));
        let the = if self.below.is_line { "the " } else { "" };
        let is = if self.above.labels.len() > 1 { "are" } else { "is" };
        let is_some = self.below.value() > 0.0;
        let share = amounts::share(self.above.value() / self.below.value(), language);
        match language {
            Language::En if is_some => {
                format!("{a}, {above}, {is} {share} of {the}{}, {below}", lower(&b))
            }
            Language::En => format!("{a}, {above}, against {the}{}, {below}", lower(&b)),
            Language::Zh if is_some => format!("{a}{above}，为{b}（{below}）的{share}"),
            Language::Zh => format!("{a}{above}，而{b}为{below}"),
        }
    }
}

impl<'a> Side<'a> {
    fn of(expr: &Expr, known: &Known<'a>) -> Option<Self> {
        let number = known.number(expr);
        let one = |label, unit, is_line| {
            Some(Self { labels: vec![label], number: number?, unit, among: None, is_line })
        };
        match &expr.node {
            Node::Attribute(index) => {
                let attribute = &known.pack.attributes[*index];
                one(&attribute.label, unit_of(attribute), false)
            }
            Node::Parameter(index) => {
                let parameter = &known.pack.parameters[*index];
                let unit = Some(&parameter.unit).filter(|it| !it.is_one());
                one(&parameter.label, unit.map(ToString::to_string).unwrap_or_default(), true)
            }
            Node::Arithmetic(Arithmetic::Add, l, r) => Self::of(l, known)?.and(Self::of(r, known)?),
            Node::Arithmetic(Arithmetic::Divide, above, below) => {
                Self::of(above, known)?.for_each_of(Self::of(below, known)?)
            }
            _ => None,
        }
    }

    /// Two together; what is nothing is not named.
    fn and(mut self, other: Self) -> Option<Self> {
        if self.among.is_some() || other.among.is_some() || self.unit != other.unit {
            return None;
        }
        match (self.number == 0.0, other.number == 0.0) {
            (_, true) => return Some(self),
            (true, false) => return Some(other),
            (false, false) => {}
        }
        self.number += other.number;
        self.labels.extend(other.labels);
        Some(self)
    }

    fn for_each_of(mut self, other: Self) -> Option<Self> {
        let is_plain = self.among.is_none() && other.among.is_none();
        if !is_plain || other.labels.len() > 1 || other.number <= 0.0 {
            return None;
        }
        self.among = Some((other.number, other.unit));
        Some(self)
    }

    fn value(&self) -> f64 {
        self.number / self.among.as_ref().map_or(1.0, |it| it.0)
    }

    fn name(&self, language: Language) -> String {
        let mut labels = self.labels.iter().map(|it| it.get(language.code()));
        let first = labels.next().unwrap_or_default().to_owned();
        labels.fold(first, |named, it| match language {
            Language::En => format!("{named} and {}", lower(it)),
            Language::Zh => format!("{named}与{it}"),
        })
    }

    fn told(&self, language: Language) -> String {
        let own = amount(self.number, Some(&self.unit), language);
        let among = self.among.as_ref().map(|it| amount(it.0, Some(&it.1), language));
        let together = self.labels.len() > 1;
        match (language, among) {
            (Language::En, Some(among)) => format!("{own} for {among}"),
            (Language::Zh, Some(among)) => format!("{own}（{among}）"),
            (Language::En, None) if together => format!("{own} together"),
            (Language::Zh, None) if together => format!("合计{own}"),
            (_, None) => own,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentences::of_indicator;
    use base::{AreaCode, Period};
    use monitor::explain::Value;
    use std::path::Path;

    /// An indicator of the pack in words, where a household's row says so much.
    fn check(indicator: &str, given: &[(&str, f64)]) -> [String; 2] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan");
        let pack = crate::load(&folder).expect("a pack").pack().clone();
        let row = |index: usize| {
            let told = given.iter().find(|it| it.0 == pack.attributes[index].id)?;
            Some(Value::Number(told.1))
        };
        let area = AreaCode::new("610222001");
        let period = Period::parse(pack.period_kind, "2020-06").expect("a period");
        let known = Known { pack: &pack, period, area: Some(&area), row: &row };
        let index = pack.indicator(indicator).expect("an indicator");
        let told = of_indicator(&pack.indicators[index], None, &known);
        [told.en, told.zh]
    }

    #[test]
    fn what_a_head_has_is_told_beside_the_line_in_force() {
        assert_eq!(
            check("income_to_line", &[("net_income_12m", 7_173.0), ("members", 2.0)]),
            [
                "Net income of the last twelve months, 7,173 yuan a year for 2 people, is 72 % of \
                 the monitoring line, 5,000 yuan a person a year",
                "近十二个月纯收入7,173元/年（2人），为监测线（5,000元/人/年）的72%",
            ]
        );
    }

    #[test]
    fn several_amounts_are_told_together_and_nothing_is_not_named() {
        let schooling = |cost: f64| {
            let given = [("medical_self_pay_12m", 20_000.0), ("schooling_cost_12m", cost)];
            check("rigid_spending", &[&given[..], &[("net_income_12m", 10_000.0)]].concat())
        };
        assert_eq!(
            schooling(3_000.0)[0],
            "Medical self-pay of the last twelve months and net schooling cost of the last twelve \
             months, 23,000 yuan a year together, are 230 % of net income of the last twelve \
             months, 10,000 yuan a year"
        );
        assert_eq!(
            schooling(0.0)[0],
            "Medical self-pay of the last twelve months, 20,000 yuan a year, is 200 % of net income \
             of the last twelve months, 10,000 yuan a year"
        );
    }

    #[test]
    fn a_debt_is_told_as_a_share_of_a_years_income() {
        assert_eq!(
            check("debt_to_income", &[("debt_total", 30_000.0), ("net_income_12m", 40_000.0)])[1],
            "负债总额30,000元，为近十二个月纯收入（40,000元/年）的75%"
        );
    }

    #[test]
    fn what_is_not_known_is_not_made_up() {
        let told = check("income_to_line", &[("net_income_12m", 7_173.0)]);
        assert!(!told[0].contains('%'), "{}", told[0]);
    }
}
