//! Expressions and rules of a pack as sentences, in English and Chinese.

use crate::words::Language;
use pack::{Arithmetic, Compare, Expr, Function, Indicator, Node, Pack, SeverityRule};
use pack::{WindowFunction, unit::Unit};

/// Writes expressions of one pack in one language.
pub struct Writer<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The language.
    pub language: Language,
}

impl Writer<'_> {
    fn is_zh(&self) -> bool {
        self.language == Language::Zh
    }

    fn say(&self, en: &str, zh: &str) -> String {
        (if self.is_zh() { zh } else { en }).to_owned()
    }

    /// What an indicator measures, whom it concerns and from where on it weighs.
    pub fn indicator(&self, indicator: &Indicator) -> String {
        let mut parts = Vec::new();
        if let Some(value) = &indicator.value {
            let words = self.expression(value);
            parts.push(self.say(&format!("Measures {words}."), &format!("衡量{words}。")));
        }
        if let Some(applies) = &indicator.applies {
            let words = self.expression(applies);
            parts.push(self.say(
                &format!("Concerns only households where {words}."),
                &format!("仅适用于{words}的户。"),
            ));
        }
        parts.push(self.severity(indicator));
        parts.join(if self.is_zh() { "" } else { " " })
    }

    fn severity(&self, indicator: &Indicator) -> String {
        let unit = crate::words::unit(indicator);
        let joined = |list: Vec<String>| list.join(if self.is_zh() { "，" } else { ", " });
        match &indicator.severity {
            SeverityRule::Anchors(anchors) | SeverityRule::Steps(anchors) => {
                let name = |it: f64| self.anchor(it);
                let list = anchors.iter().map(|it| {
                    let bound = self.expression(&it.bound);
                    let name = name(it.severity);
                    self.say(&format!("{name} at {bound}{unit}"), &format!("{name}：{bound}{unit}"))
                });
                let list = joined(list.collect());
                self.say(&format!("Severity: {list}."), &format!("严重程度——{list}。"))
            }
            SeverityRule::Map(map) => {
                let list = map.iter().map(|(category, it)| format!("{category} {it}")).collect();
                let list = joined(list);
                self.say(&format!("Severity by category: {list}."), &format!("按类别：{list}。"))
            }
            SeverityRule::Levels(levels) => {
                let list = levels.iter().map(|it| {
                    let (when, severity) = (self.expression(&it.when), it.severity);
                    self.say(&format!("{severity} if {when}"), &format!("若{when}则为{severity}"))
                });
                let list = joined(list.collect());
                self.say(&format!("Severity: {list}."), &format!("严重程度：{list}。"))
            }
        }
    }

    fn anchor(&self, severity: f64) -> String {
        let words = [("nothing", "无"), ("yellow", "黄"), ("orange", "橙"), ("red", "红")];
        let place = [0.0, 40.0, 60.0, 80.0].iter().position(|it| *it == severity);
        let (en, zh) = place.map_or(("full", "满分"), |it| words[it]);
        self.say(en, zh)
    }

    /// An expression in words.
    pub fn expression(&self, expr: &Expr) -> String {
        let of = |it: &Expr| self.expression(it);
        match &expr.node {
            Node::Number(it) => it.to_string(),
            Node::Boolean(true) => self.say("true", "是"),
            Node::Boolean(false) => self.say("false", "否"),
            Node::Text(it) => self.say(&format!("“{it}”"), &format!("“{it}”")),
            Node::Unknown => self.say("unknown", "未知"),
            Node::Attribute(it) => self.label(&self.pack.attributes[*it].label),
            Node::Parameter(it) => {
                let line = self.label(&self.pack.parameters[*it].label);
                self.say(&format!("the {line}"), &line)
            }
            Node::FactNumber => self.say("the value reported", "上报数值"),
            Node::FactText => self.say("what was reported", "上报内容"),
            Node::OwnValue => self.say("the value", "指标值"),
            Node::OwnSeverity => self.say("the severity", "严重程度"),
            Node::Not(it) => self.say(&format!("not ({})", of(it)), &format!("并非（{}）", of(it))),
            Node::Negate(it) => self.say(&format!("minus {}", of(it)), &format!("负{}", of(it))),
            Node::Arithmetic(operator, l, r) => self.arithmetic(*operator, l, r),
            Node::Compare(compare, l, r) => self.comparison(*compare, l, r),
            Node::And(l, r) => self.pair(l, r, "and", "且"),
            Node::Or(l, r) => self.pair(l, r, "or", "或"),
            Node::IsUnknown(it) => {
                self.say(&format!("{} is not known", of(it)), &format!("{}未知", of(it)))
            }
            Node::InList(it, list) => {
                let items: Vec<String> = list.iter().map(of).collect();
                let (it, en, zh) = (of(it), items.join(" or "), items.join("或"));
                self.say(&format!("{it} is {en}"), &format!("{it}为{zh}"))
            }
            Node::Case { branches, otherwise } => self.case(branches, otherwise.as_deref()),
            Node::Call(function, arguments) => self.call(*function, arguments),
            Node::Window { function, argument, periods, .. } => {
                self.window(*function, argument, *periods)
            }
        }
    }

    fn label(&self, label: &pack::Label) -> String {
        let text = label.get(self.language.code());
        // Within a sentence a label does not begin one; abbreviations stay as they are.
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(first), Some(second)) if !self.is_zh() && second.is_lowercase() => {
                format!("{}{}", first.to_lowercase(), &text[first.len_utf8()..])
            }
            _ => text.to_owned(),
        }
    }

    fn pair(&self, l: &Expr, r: &Expr, en: &str, zh: &str) -> String {
        let (l, r) = (self.expression(l), self.expression(r));
        self.say(&format!("{l} {en} {r}"), &format!("{l}{zh}{r}"))
    }

    fn arithmetic(&self, operator: Arithmetic, l: &Expr, r: &Expr) -> String {
        match operator {
            Arithmetic::Add => self.pair(l, r, "plus", "加"),
            Arithmetic::Subtract => self.pair(l, r, "less", "减"),
            Arithmetic::Multiply => self.pair(l, r, "times", "乘以"),
            Arithmetic::Divide => self.pair(l, r, "divided by", "除以"),
        }
    }

    fn comparison(&self, compare: Compare, l: &Expr, r: &Expr) -> String {
        match compare {
            Compare::Equal => self.pair(l, r, "is", "为"),
            Compare::NotEqual => self.pair(l, r, "is not", "不为"),
            Compare::Less => self.pair(l, r, "is less than", "小于"),
            Compare::LessOrEqual => self.pair(l, r, "is at most", "不超过"),
            Compare::Greater => self.pair(l, r, "is more than", "大于"),
            Compare::GreaterOrEqual => self.pair(l, r, "is at least", "不低于"),
        }
    }

    fn case(&self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> String {
        let mut parts: Vec<String> = Vec::new();
        for (when, then) in branches {
            let (when, then) = (self.expression(when), self.expression(then));
            parts.push(self.say(&format!("{then} if {when}"), &format!("若{when}则为{then}")));
        }
        if let Some(other) = otherwise.map(|it| self.expression(it)) {
            parts.push(self.say(&format!("else {other}"), &format!("否则为{other}")));
        }
        parts.join(if self.is_zh() { "，" } else { ", " })
    }

    fn call(&self, function: Function, arguments: &[Expr]) -> String {
        let words: Vec<String> = arguments.iter().map(|it| self.expression(it)).collect();
        let (en, zh) = (words.join(", "), words.join("、"));
        let first = words.first().map_or("", String::as_str);
        let second = words.get(1).map_or("", String::as_str);
        match function {
            Function::Ratio => {
                let en = format!("{first} as a share of {second}");
                self.say(&en, &format!("{first}与{second}之比"))
            }
            Function::Coalesce => {
                self.say(&format!("the first known of {en}"), &format!("{zh}中首个已知值"))
            }
            Function::Least => self.say(&format!("the least of {en}"), &format!("{zh}中最小值")),
            Function::Greatest => {
                self.say(&format!("the greatest of {en}"), &format!("{zh}中最大值"))
            }
            Function::Abs => self.say(&format!("the size of {en}"), &format!("{zh}的绝对值")),
            Function::Ln => self.say(&format!("the logarithm of {en}"), &format!("{zh}的对数")),
            Function::Exp => self.say(&format!("e to the power of {en}"), &format!("e的{zh}次方")),
            Function::Sqrt => self.say(&format!("the root of {en}"), &format!("{zh}的平方根")),
            Function::Floor => self.say(&format!("{en} rounded down"), &format!("{zh}向下取整")),
        }
    }

    fn window(&self, function: WindowFunction, argument: &Expr, periods: u32) -> String {
        let of = self.expression(argument);
        let n = periods;
        let over = |en: &str, zh: &str| {
            self.say(&format!("the {en} of {of} over {n} periods"), &format!("{n}期内{of}的{zh}"))
        };
        match function {
            WindowFunction::Lag => {
                self.say(&format!("{of} {n} periods before"), &format!("{n}期前的{of}"))
            }
            WindowFunction::Mean => over("mean", "均值"),
            WindowFunction::Sum => over("sum", "合计"),
            WindowFunction::Min => over("least", "最小值"),
            WindowFunction::Max => over("greatest", "最大值"),
            WindowFunction::Count => {
                self.say(&format!("in how many of {n} periods {of}"), &format!("{n}期内{of}的期数"))
            }
        }
    }
}

/// A unit for people; nothing for a pure number.
pub fn unit(unit: &Unit) -> Option<String> {
    (!unit.is_one()).then(|| unit.to_string())
}
