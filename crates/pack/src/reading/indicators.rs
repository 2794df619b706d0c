//! indicators/**/ID.toml.

use super::MergedFile;
use super::attributes::unit;
use super::common::{Context, files_below, label, references, want_reference};
use super::examples;
use super::scoring::BANDS;
use crate::expr::{Compare, Expr, Node, Type};
use crate::expression::{self, Scope};
use crate::model::{
    Anchor, Attribute, Dimension, Indicator, KeyRule, Level, Parameter, SeverityRule,
};
use crate::raw::fields::{number, wrong_type};
use crate::raw::suggest::hint_among;
use crate::raw::tree::{Item, Value};
use crate::raw::{At, Fields};
use crate::unit::Unit;
use base::Band;
use base::codes::pack as codes;

/// Severity of each anchor: the scale of the house, on which all rules of all packs agree.
const COLOURS: [(&str, f64); 5] =
    [("none", 0.0), ("yellow", 40.0), ("orange", 60.0), ("red", 80.0), ("full", 100.0)];

/// Every indicator, by dimension in the pack's order and then by id.
pub(crate) fn read(
    files: &[MergedFile],
    context: &Context<'_>,
    attributes: &[Attribute],
    parameters: &[Parameter],
    dimensions: &[Dimension],
) -> Vec<Indicator> {
    let own = files_below(files, "indicators/", context.sink);
    let reader = Reader { context, attributes, parameters, dimensions };
    let mut indicators: Vec<Indicator> =
        own.into_iter().filter_map(|(id, item)| reader.indicator(id, item)).collect();
    indicators.sort_by_key(|it| it.dimension);
    indicators
}

struct Reader<'a> {
    context: &'a Context<'a>,
    attributes: &'a [Attribute],
    parameters: &'a [Parameter],
    dimensions: &'a [Dimension],
}

impl Reader<'_> {
    fn scope(&self, own: Option<Type>, with_attributes: bool) -> Scope<'_> {
        Scope {
            attributes: self.attributes,
            parameters: self.parameters,
            with_attributes,
            own,
            with_fact: false,
        }
    }

    fn expression(&self, given: (&str, &At), own: Option<Type>) -> Option<Expr> {
        expression::read(given.0, given.1, &self.scope(own, true), self.context.sink)
    }

    fn indicator(&self, id: String, item: &Item) -> Option<Indicator> {
        let sink = self.context.sink;
        let fields = Fields::of(item, sink)?;
        let label = label(&fields, &self.context.header.languages);
        let dimension = self.dimension(&fields);
        let weight = fields.optional("weight").map_or(Some(1.0), |it| {
            let weight = number(&it.item, sink).filter(|weight| *weight > 0.0);
            if weight.is_none() {
                let finding =
                    it.item.at.finding(&codes::BAD_VALUE, "a weight is greater than zero");
                sink.report(finding.hint("take the indicator out to give it no weight"));
            }
            weight
        });
        let applies = fields.text("applies").and_then(|it| self.condition(it, None));
        let value = self.value(&fields);
        let severity = self.severity(&fields, value.as_ref());
        let own = value.as_ref().map_or(Type::Number(Some(Unit::one())), |it| it.ty.clone());
        let mut keys = Vec::new();
        for item in fields.list("key") {
            keys.extend(self.key(item, own.clone()));
        }
        let references = references(&fields);
        want_reference(&references, fields.at(), "the indicator", sink);
        let mut examples = Vec::new();
        for item in fields.list("example") {
            examples.extend(examples::read(item, self.context, self.attributes, false));
        }
        let place = fields.at().place();
        fields.finish();
        Some(Indicator {
            id,
            label,
            dimension: dimension?,
            weight: weight?,
            applies,
            value,
            severity: severity?,
            keys,
            references,
            examples,
            place,
        })
    }

    fn dimension(&self, fields: &Fields<'_>) -> Option<usize> {
        let (name, at) = fields.required_text("dimension")?;
        let found = self.dimensions.iter().position(|it| it.id == name);
        if found.is_none() {
            let names: Vec<&str> = self.dimensions.iter().map(|it| it.id.as_str()).collect();
            let finding =
                at.finding(&codes::UNKNOWN_NAME, format!("there is no dimension `{name}`"));
            fields.sink().report(finding.hint(hint_among(name, &names)));
        }
        found
    }

    fn condition(&self, given: (&str, &At), own: Option<Type>) -> Option<Expr> {
        let expr = self.expression(given, own)?;
        if expr.ty == Type::Boolean {
            return Some(expr);
        }
        let finding = given.1.finding(&codes::EXPRESSION_TYPE, "a condition is needed here");
        self.context.sink.report(finding.hint("compare with something, for example `> 0`"));
        None
    }

    /// The value, whose unit must be the one that the indicator states.
    fn value(&self, fields: &Fields<'_>) -> Option<Expr> {
        let given = fields.text("value")?;
        // Known to the format even where the value cannot be read.
        let unit_entry = fields.optional("unit");
        let mut expr = self.expression(given, None)?;
        if let Type::Number(found) = &expr.ty {
            let stated = unit(fields)?;
            match found {
                Some(found) if *found != stated => {
                    let message =
                        format!("the value is in `{found}`, the indicator says `{stated}`");
                    let finding = given.1.finding(&codes::EXPRESSION_UNIT, message);
                    fields
                        .sink()
                        .report(finding.hint(format!("write `unit = \"{found}\"`, or convert")));
                }
                _ => expr.ty = Type::Number(Some(stated)),
            }
        } else if let Some(entry) = unit_entry {
            let message = "only a number has a unit";
            let finding = entry.item.at.finding(&codes::EXPRESSION_UNIT, message);
            fields.sink().report(finding.hint("take `unit` out"));
        }
        Some(expr)
    }

    fn severity(&self, fields: &Fields<'_>, value: Option<&Expr>) -> Option<SeverityRule> {
        let rules = ["anchors", "steps", "map", "levels"].map(|it| (it, fields.optional(it)));
        let given: Vec<_> = rules.iter().filter_map(|it| Some((it.0, it.1?))).collect();
        let refuse = |at: &At, message: &str, hint: &str| {
            fields.sink().report(at.finding(&codes::SEVERITY_RULE, message).hint(hint.to_owned()));
        };
        let [(name, entry)] = given.as_slice() else {
            let hint = "give exactly one of anchors, steps, map and levels";
            refuse(fields.at(), "the indicator has no severity rule, or several", hint);
            return None;
        };
        if *name != "levels" && fields.optional("value").is_none() {
            refuse(&entry.at, "this rule needs a `value`", "add `value = \"…\"`");
            return None;
        }
        match (*name, value.map(|it| &it.ty)) {
            ("levels", _) => self.levels(&entry.item).map(SeverityRule::Levels),
            (_, None) => None,
            ("map", Some(Type::Text)) => self.map(&entry.item, value).map(SeverityRule::Map),
            ("map", Some(_)) => {
                refuse(&entry.at, "a map needs a text value", "use anchors or steps for numbers");
                None
            }
            (_, Some(Type::Text)) => {
                refuse(&entry.at, "anchors and steps need a number", "use a map for categories");
                None
            }
            ("steps", Some(ty)) => self.anchors(&entry.item, ty).map(SeverityRule::Steps),
            (_, Some(ty)) => self.anchors(&entry.item, ty).map(SeverityRule::Anchors),
        }
    }

    fn anchors(&self, item: &Item, value: &Type) -> Option<Vec<Anchor>> {
        let sink = self.context.sink;
        let fields = Fields::of(item, sink)?;
        let mut anchors = Vec::new();
        let mut is_whole = true;
        for (name, severity) in COLOURS {
            let Some(entry) = fields.optional(name) else { continue };
            match self.bound(&entry.item, value) {
                Some(bound) => anchors.push((entry, Anchor { severity, bound })),
                None => is_whole = false,
            }
        }
        let has_none = fields.optional("none").is_some();
        fields.finish();
        if !has_none || anchors.len() < 2 {
            if is_whole {
                let message = "anchors need `none` and at least one colour";
                let finding = item.at.finding(&codes::SEVERITY_RULE, message);
                sink.report(finding.hint("for example { none = 0, yellow = 0.2, red = 1 }"));
            }
            return None;
        }
        // Expressions over parameters are compared when their values are known.
        let fixed: Vec<_> = anchors
            .iter()
            .filter_map(|(entry, it)| match it.bound.node {
                Node::Number(number) => Some((entry, number)),
                _ => None,
            })
            .collect();
        let is_rising = fixed.windows(2).all(|it| it[0].1 < it[1].1);
        let is_falling = fixed.windows(2).all(|it| it[0].1 > it[1].1);
        if !is_rising && !is_falling {
            let message = "the anchors neither rise nor fall strictly from none to full";
            let finding = item.at.finding(&codes::ANCHORS_NOT_MONOTONE, message);
            sink.report(finding.hint("order the bounds one way, without equal neighbours"));
            return None;
        }
        is_whole.then(|| anchors.into_iter().map(|it| it.1).collect())
    }

    /// A bound: a number, or an expression over parameters.
    fn bound(&self, item: &Item, value: &Type) -> Option<Expr> {
        let sink = self.context.sink;
        if let Value::Text(text) = &item.value {
            let expr = expression::read(text, &item.at, &self.scope(None, false), sink)?;
            let fits = match (&expr.ty, value) {
                (Type::Number(None), _) => true,
                (Type::Number(Some(a)), Type::Number(Some(b))) => a == b,
                (Type::Number(Some(a)), _) => a.is_one(),
                _ => false,
            };
            if fits && expr.lookback() == 0 {
                return Some(expr);
            }
            let finding =
                item.at.finding(&codes::EXPRESSION_UNIT, "the bound is not in the value's unit");
            sink.report(finding.hint("use parameters of the same unit as the value"));
            return None;
        }
        let bound = number(item, sink)?;
        Some(Expr { node: Node::Number(bound), ty: value.clone() })
    }

    fn map(&self, item: &Item, value: Option<&Expr>) -> Option<Vec<(String, f64)>> {
        let Value::Table(entries) = &item.value else {
            wrong_type(item, "a table of categories", self.context.sink);
            return None;
        };
        let categories = match value.map(|it| &it.node) {
            Some(Node::Attribute(index)) => match &self.attributes[*index].ty {
                crate::model::AttributeType::Text { categories } => categories.as_slice(),
                _ => &[],
            },
            _ => &[],
        };
        let mut map = Vec::new();
        for entry in entries {
            let known = categories.is_empty() || categories.iter().any(|it| it.value == entry.name);
            if !known {
                let names: Vec<&str> = categories.iter().map(|it| it.value.as_str()).collect();
                let message = format!("the attribute has no category `{}`", entry.name);
                let finding = entry.at.finding(&codes::UNKNOWN_NAME, message);
                self.context.sink.report(finding.hint(hint_among(&entry.name, &names)));
            }
            map.push((entry.name.clone(), self.severity_number(&entry.item)?));
        }
        Some(map)
    }

    fn severity_number(&self, item: &Item) -> Option<f64> {
        let severity = number(item, self.context.sink)?;
        if (0.0..=100.0).contains(&severity) {
            return Some(severity);
        }
        let finding = item.at.finding(&codes::BAD_VALUE, "a severity is from 0 to 100");
        self.context.sink.report(finding.hint("yellow begins at 40, orange at 60, red at 80"));
        None
    }

    fn levels(&self, item: &Item) -> Option<Vec<Level>> {
        let Value::List(items) = &item.value else {
            wrong_type(item, "a list of levels", self.context.sink);
            return None;
        };
        let mut levels = Vec::new();
        for item in items {
            let fields = Fields::of(item, self.context.sink)?;
            let when = fields.required_text("when").and_then(|it| self.condition(it, None));
            let severity =
                fields.required("severity").and_then(|it| self.severity_number(&it.item));
            fields.finish();
            levels.push(Level { when: when?, severity: severity? });
        }
        Some(levels)
    }

    fn key(&self, item: &Item, own: Type) -> Option<KeyRule> {
        let fields = Fields::of(item, self.context.sink)?;
        let band = fields.required_word("band", &BANDS);
        let when = fields.text("when").map(|it| self.condition(it, Some(own)));
        fields.finish();
        let band = band?;
        let when = match when {
            Some(when) => when?,
            None => default_key(band).or_else(|| {
                let message = "a key judgement for this band needs a `when`";
                let finding = item.at.finding(&codes::MISSING_KEY, message);
                self.context.sink.report(finding.hint("add `when = \"severity >= 20\"`"));
                None
            })?,
        };
        Some(KeyRule { band, when })
    }
}

/// `severity >= S`, S being the severity at which the band's colour begins on a scale.
fn default_key(band: Band) -> Option<Expr> {
    let (_, severity) = COLOURS.into_iter().find(|it| it.0 == band.name())?;
    let one = || Type::Number(Some(Unit::one()));
    let own = Expr { node: Node::OwnSeverity, ty: one() };
    let edge = Expr { node: Node::Number(severity), ty: one() };
    let node = Node::Compare(Compare::GreaterOrEqual, Box::new(own), Box::new(edge));
    Some(Expr { node, ty: Type::Boolean })
}
