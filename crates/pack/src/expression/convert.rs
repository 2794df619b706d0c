//! From the parser's tree to ours, refusing whatever packs may not use.

mod calls;

use super::Scope;
use crate::expr::{Arithmetic, Compare, Expr, Node, Type};
use crate::functions::{Misfit, joined, quotient};
use crate::model::AttributeType;
use crate::raw::suggest::hint_among;
use crate::raw::{At, Sink};
use crate::unit::Unit;
use base::codes::pack as codes;
use sqlparser::ast::{BinaryOperator, CaseWhen, Expr as Sql, Spanned, UnaryOperator, Value};

/// Longest look back in periods: a century of months.
const PERIODS_MAX: u32 = 1_200;

pub(super) struct Converter<'a> {
    pub(super) text: &'a str,
    pub(super) at: &'a At,
    pub(super) scope: &'a Scope<'a>,
    pub(super) sink: &'a Sink,
}

impl Converter<'_> {
    pub(super) fn convert(&self, sql: &Sql) -> Option<Expr> {
        match sql {
            Sql::Nested(it) => self.convert(it),
            Sql::Value(it) => self.value(sql, &it.value),
            Sql::Identifier(it) => self.name(sql, &it.value),
            Sql::UnaryOp { op: UnaryOperator::Not, expr } => {
                let it = self.condition(expr)?;
                Some(boolean(Node::Not(Box::new(it))))
            }
            Sql::UnaryOp { op: UnaryOperator::Minus, expr } => {
                let it = self.number(expr)?;
                let ty = it.ty.clone();
                Some(match it.node {
                    Node::Number(number) => Expr { node: Node::Number(-number), ty },
                    _ => Expr { node: Node::Negate(Box::new(it)), ty },
                })
            }
            Sql::UnaryOp { op: UnaryOperator::Plus, expr } => self.number(expr),
            Sql::BinaryOp { left, op, right } => self.binary(sql, left, op, right),
            Sql::IsNull(it) => Some(boolean(Node::IsUnknown(Box::new(self.convert(it)?)))),
            Sql::IsNotNull(it) => {
                let unknown = boolean(Node::IsUnknown(Box::new(self.convert(it)?)));
                Some(boolean(Node::Not(Box::new(unknown))))
            }
            Sql::InList { expr, list, negated } => self.in_list(sql, expr, list, *negated),
            Sql::Between { expr, negated, low, high } => {
                let from = self.compare(sql, expr, Compare::GreaterOrEqual, low)?;
                let to = self.compare(sql, expr, Compare::LessOrEqual, high)?;
                let within = boolean(Node::And(Box::new(from), Box::new(to)));
                Some(if *negated { boolean(Node::Not(Box::new(within))) } else { within })
            }
            Sql::Case { operand: None, conditions, else_result, .. } => {
                self.case(sql, conditions, else_result.as_deref())
            }
            Sql::Function(call) => self.call(sql, call),
            _ => self.refused(sql, "this is not something a pack may compute"),
        }
    }

    /// Where a part of the expression stands: the parser counts characters of one line.
    fn place(&self, sql: &Sql) -> At {
        let span = sql.span();
        let bytes = |column: u64| {
            let skip = usize::try_from(column.saturating_sub(1)).unwrap_or(0);
            self.text.char_indices().nth(skip).map_or(self.text.len(), |it| it.0)
        };
        let is_one_line = span.start.line == 1 && span.end.line == 1;
        // The text stands behind its opening quote; escapes would move positions, so then the
        // whole text is meant.
        let is_verbatim = self.at.text().get(1..1 + self.text.len()) == Some(self.text);
        if !is_one_line || !is_verbatim {
            return self.at.clone();
        }
        let (from, to) = (bytes(span.start.column), bytes(span.end.column));
        self.at.part(1 + from..1 + to.max(from + 1))
    }

    fn refused(&self, sql: &Sql, why: &str) -> Option<Expr> {
        let shown: String = sql.to_string().chars().take(60).collect();
        let message = format!("`{shown}`: {why}");
        let hint = "packs may use + - * /, comparisons, AND OR NOT, IN, BETWEEN, IS NULL, CASE WHEN \
                    and the functions of the table";
        self.sink.report(self.place(sql).finding(&codes::EXPRESSION_REFUSED, message).hint(hint));
        None
    }

    fn mistyped(&self, sql: &Sql, message: String, hint: &str) -> Option<Expr> {
        self.sink.report(self.place(sql).finding(&codes::EXPRESSION_TYPE, message).hint(hint));
        None
    }

    fn misfit(&self, sql: &Sql, what: &str, misfit: Misfit) -> Option<Expr> {
        match misfit {
            Misfit::Count(wanted) => {
                self.mistyped(sql, format!("{what} takes {wanted}"), "see the table of functions")
            }
            Misfit::Type(wanted) => {
                self.mistyped(sql, format!("{what} takes {wanted}"), "compare or convert first")
            }
            Misfit::Units(a, b) => {
                let message = format!("{what} joins `{a}` with `{b}`");
                let finding = self.place(sql).finding(&codes::EXPRESSION_UNIT, message);
                self.sink
                    .report(finding.hint("bring both to one unit, for example with ratio(a, b)"));
                None
            }
        }
    }

    fn number(&self, sql: &Sql) -> Option<Expr> {
        let it = self.convert(sql)?;
        match it.ty {
            Type::Number(_) => Some(it),
            _ => self.mistyped(
                sql,
                "a number is needed here".to_owned(),
                "compare gives true or false",
            ),
        }
    }

    fn condition(&self, sql: &Sql) -> Option<Expr> {
        let it = self.convert(sql)?;
        match it.ty {
            Type::Boolean => Some(it),
            _ => {
                let hint = "compare it with something, for example `> 0`";
                self.mistyped(sql, "a condition is needed here".to_owned(), hint)
            }
        }
    }

    fn value(&self, sql: &Sql, value: &Value) -> Option<Expr> {
        let literal = |node, ty| Some(Expr { node, ty });
        match value {
            Value::Number(text, _) => match text.to_string().parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    literal(Node::Number(number), Type::Number(None))
                }
                _ => self.refused(sql, "the number does not fit"),
            },
            Value::SingleQuotedString(text) => literal(Node::Text(text.clone()), Type::Text),
            Value::Boolean(it) => literal(Node::Boolean(*it), Type::Boolean),
            Value::Null => literal(Node::Unknown, Type::Number(None)),
            _ => self.refused(sql, "only numbers, 'texts', true, false and NULL are literals"),
        }
    }

    fn name(&self, sql: &Sql, name: &str) -> Option<Expr> {
        let found = |node, ty| Some(Expr { node, ty });
        let one = || Type::Number(Some(Unit::one()));
        match (name, &self.scope.own) {
            ("value", Some(ty)) => return found(Node::OwnValue, ty.clone()),
            ("severity", Some(_)) => return found(Node::OwnSeverity, one()),
            _ => {}
        }
        match name {
            "fact_value" if self.scope.with_fact => {
                return found(Node::FactNumber, Type::Number(None));
            }
            "fact_text" if self.scope.with_fact => return found(Node::FactText, Type::Text),
            _ => {}
        }
        let attributes = if self.scope.with_attributes { self.scope.attributes } else { &[] };
        if let Some(index) = attributes.iter().position(|it| it.id == name) {
            let attribute = &attributes[index];
            if attribute.is_sensitive {
                let message =
                    format!("`{name}` is sensitive: it may be reported by, never scored on");
                let finding = self.place(sql).finding(&codes::SENSITIVE_SCORED, message);
                self.sink
                    .report(finding.hint("leave it out of the rule; backtest can group by it"));
                return None;
            }
            let ty = match &attribute.ty {
                AttributeType::Number { unit, .. } => Type::Number(Some(unit.clone())),
                AttributeType::Boolean => Type::Boolean,
                AttributeType::Text { .. } => Type::Text,
            };
            return found(Node::Attribute(index), ty);
        }
        if let Some(index) = self.scope.parameters.iter().position(|it| it.id == name) {
            let unit = self.scope.parameters[index].unit.clone();
            return found(Node::Parameter(index), Type::Number(Some(unit)));
        }
        let mut names: Vec<&str> = attributes.iter().map(|it| it.id.as_str()).collect();
        names.extend(self.scope.parameters.iter().map(|it| it.id.as_str()));
        let message = format!("nothing is called `{name}`");
        let finding = self.place(sql).finding(&codes::UNKNOWN_NAME, message);
        self.sink.report(finding.hint(hint_among(name, &names)));
        None
    }

    fn binary(&self, sql: &Sql, left: &Sql, op: &BinaryOperator, right: &Sql) -> Option<Expr> {
        match op {
            BinaryOperator::And | BinaryOperator::Or => {
                let (l, r) = (self.condition(left), self.condition(right));
                let (l, r) = (Box::new(l?), Box::new(r?));
                let is_and = *op == BinaryOperator::And;
                Some(boolean(if is_and { Node::And(l, r) } else { Node::Or(l, r) }))
            }
            BinaryOperator::Plus => self.arithmetic(sql, left, Arithmetic::Add, right),
            BinaryOperator::Minus => self.arithmetic(sql, left, Arithmetic::Subtract, right),
            BinaryOperator::Multiply => self.arithmetic(sql, left, Arithmetic::Multiply, right),
            BinaryOperator::Divide => self.arithmetic(sql, left, Arithmetic::Divide, right),
            BinaryOperator::Eq => self.compare(sql, left, Compare::Equal, right),
            BinaryOperator::NotEq => self.compare(sql, left, Compare::NotEqual, right),
            BinaryOperator::Lt => self.compare(sql, left, Compare::Less, right),
            BinaryOperator::LtEq => self.compare(sql, left, Compare::LessOrEqual, right),
            BinaryOperator::Gt => self.compare(sql, left, Compare::Greater, right),
            BinaryOperator::GtEq => self.compare(sql, left, Compare::GreaterOrEqual, right),
            _ => self.refused(sql, &format!("the operator `{op}` is not one of a pack's")),
        }
    }

    fn arithmetic(&self, sql: &Sql, l: &Sql, operator: Arithmetic, r: &Sql) -> Option<Expr> {
        let (l, r) = (self.number(l), self.number(r));
        let (l, r) = (l?, r?);
        if operator == Arithmetic::Divide && r.node == Node::Number(0.0) {
            return self.refused(sql, "it divides by zero");
        }
        let ty = match (operator, &l.ty, &r.ty) {
            (Arithmetic::Add | Arithmetic::Subtract, a, b) => match joined(a, b) {
                Ok(ty) => ty,
                Err(misfit) => return self.misfit(sql, "a sum", misfit),
            },
            (_, Type::Number(None), Type::Number(None)) => Type::Number(None),
            (Arithmetic::Multiply, Type::Number(a), Type::Number(b)) => {
                let (a, b) = (a.clone().unwrap_or_default(), b.clone().unwrap_or_default());
                Type::Number(Some(a.times(&b)))
            }
            (_, Type::Number(a), Type::Number(b)) => Type::Number(Some(quotient(a, b))),
            _ => return None,
        };
        Some(Expr { node: Node::Arithmetic(operator, Box::new(l), Box::new(r)), ty })
    }

    fn compare(&self, sql: &Sql, l: &Sql, compare: Compare, r: &Sql) -> Option<Expr> {
        let (l, r) = (self.convert(l), self.convert(r));
        let (l, r) = (l?, r?);
        match (&l.ty, &r.ty) {
            (Type::Number(_), Type::Number(_)) => {
                if let Err(misfit) = joined(&l.ty, &r.ty) {
                    return self.misfit(sql, "a comparison", misfit);
                }
            }
            (Type::Text, Type::Text) => {
                let is_equality = matches!(compare, Compare::Equal | Compare::NotEqual);
                if !is_equality {
                    let hint = "categories have no order; use = or IN";
                    return self.mistyped(sql, "texts are compared by order".to_owned(), hint);
                }
                self.check_category(sql, &l, &r)?;
                self.check_category(sql, &r, &l)?;
            }
            (Type::Boolean, Type::Boolean) => {}
            _ => {
                let hint = "compare numbers with numbers and categories with 'texts'";
                return self.mistyped(sql, "two different types are compared".to_owned(), hint);
            }
        }
        Some(boolean(Node::Compare(compare, Box::new(l), Box::new(r))))
    }

    /// A literal compared with an attribute must be one of its categories.
    fn check_category(&self, sql: &Sql, attribute: &Expr, literal: &Expr) -> Option<()> {
        let (Node::Attribute(index), Node::Text(text)) = (&attribute.node, &literal.node) else {
            return Some(());
        };
        let attribute = &self.scope.attributes[*index];
        let AttributeType::Text { categories } = &attribute.ty else { return Some(()) };
        if categories.is_empty() || categories.iter().any(|it| it.value == *text) {
            return Some(());
        }
        let names: Vec<&str> = categories.iter().map(|it| it.value.as_str()).collect();
        let message = format!("`{}` has no category `{text}`", attribute.id);
        let finding = self.place(sql).finding(&codes::UNKNOWN_NAME, message);
        self.sink.report(finding.hint(hint_among(text, &names)));
        None
    }

    fn in_list(&self, sql: &Sql, it: &Sql, list: &[Sql], is_negated: bool) -> Option<Expr> {
        let it = self.convert(it)?;
        let mut literals = Vec::with_capacity(list.len());
        for listed in list {
            let literal = self.convert(listed)?;
            let is_literal =
                matches!(literal.node, Node::Number(_) | Node::Text(_) | Node::Boolean(_));
            if !is_literal {
                return self.refused(listed, "a list holds literals only");
            }
            let fits = match (&it.ty, &literal.ty) {
                (Type::Number(_), Type::Number(_)) => true,
                (a, b) => a == b,
            };
            if !fits {
                let hint = "list numbers for a number and 'texts' for a category";
                return self.mistyped(listed, "the list holds another type".to_owned(), hint);
            }
            self.check_category(sql, &it, &literal)?;
            literals.push(literal);
        }
        let within = boolean(Node::InList(Box::new(it), literals));
        Some(if is_negated { boolean(Node::Not(Box::new(within))) } else { within })
    }

    fn case(&self, sql: &Sql, conditions: &[CaseWhen], otherwise: Option<&Sql>) -> Option<Expr> {
        let mut branches = Vec::with_capacity(conditions.len());
        for branch in conditions {
            let when = self.condition(&branch.condition);
            branches.push((when?, self.convert(&branch.result)?));
        }
        let otherwise = match otherwise {
            Some(it) => Some(self.convert(it)?),
            None => None,
        };
        let mut results = branches.iter().map(|it| &it.1).chain(otherwise.as_ref());
        let mut ty = results.next()?.ty.clone();
        for result in results {
            ty = match (&ty, &result.ty) {
                (Type::Number(_), Type::Number(_)) => match joined(&ty, &result.ty) {
                    Ok(ty) => ty,
                    Err(misfit) => return self.misfit(sql, "a CASE", misfit),
                },
                (a, b) if a == b => ty,
                _ => {
                    let hint = "every branch must give a number, or every branch a condition";
                    return self.mistyped(sql, "the branches differ in type".to_owned(), hint);
                }
            };
        }
        Some(Expr { node: Node::Case { branches, otherwise: otherwise.map(Box::new) }, ty })
    }
}

fn boolean(node: Node) -> Expr {
    Expr { node, ty: Type::Boolean }
}
