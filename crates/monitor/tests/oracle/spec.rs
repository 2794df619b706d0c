//! Random policies and random households: the one thing that engine and oracle share.

use proptest::prelude::*;
use std::fmt::Write;

/// Value of a rule, over attributes `a0`…`a3`.
#[derive(Clone, Debug)]
pub enum Value {
    One(usize),
    Sum(usize, usize),
    Ratio(usize, usize),
    Mean(usize, u32, u32),
    Most(usize, u32),
    Least(usize, u32),
    Total(usize, u32, u32),
    /// How often it was above zero.
    Times(usize, u32),
    Lag(usize, u32),
    Either(usize, usize),
}

/// How a value becomes a severity.
#[derive(Clone, Debug)]
pub enum Rule {
    /// Bounds of none, yellow, red.
    Anchors(Value, [f64; 3]),
    Steps(Value, [f64; 3]),
    /// Severities of x and y; z is not listed.
    Map([f64; 2]),
    /// `b0` is 80, else `a0 > bound` is 40.
    Levels(f64),
}

#[derive(Clone, Debug)]
pub enum Key {
    None,
    Severity,
    Value(f64),
}

#[derive(Clone, Debug)]
pub struct Rules {
    pub dimension: usize,
    pub weight: f64,
    pub applies: bool,
    pub rule: Rule,
    pub key: Key,
}

#[derive(Clone, Debug)]
pub struct Policy {
    pub modules: usize,
    /// Weight of each dimension; dimension d belongs to module d mod modules.
    pub dimensions: Vec<f64>,
    /// In the order of dimensions.
    pub indicators: Vec<Rules>,
    /// 0 mean, 1 quadratic, 2 max: of dimension, module and composite.
    pub aggregates: [usize; 3],
    pub edges: [f64; 4],
    pub min_confidence: f64,
    pub clean: (u32, u32),
    pub is_robust: bool,
    pub window: u32,
    pub lift: Option<f64>,
    /// Months for which an observation of `a0` and `b0` is fresh.
    pub freshness: Option<u32>,
}

/// One row: period, numbers, condition, category.
#[derive(Clone, Debug)]
pub struct Row {
    pub period: i32,
    pub numbers: [Option<f64>; 4],
    /// Months ago that `a0` and `b0` were observed.
    pub age: i32,
    pub condition: Option<bool>,
    pub category: Option<&'static str>,
}

/// Rows of one household, by period, each period at most once.
pub type Household = Vec<Row>;

pub const AGGREGATES: [&str; 3] = ["mean", "quadratic", "max"];

fn number() -> impl Strategy<Value = f64> {
    (0..=20i32).prop_map(|it| f64::from(it) / 2.0)
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0..4usize).prop_map(Value::One),
        (0..4usize, 0..4usize).prop_map(|(a, b)| Value::Sum(a, b)),
        (0..4usize, 0..4usize).prop_map(|(a, b)| Value::Ratio(a, b)),
        (0..4usize, 1..5u32, 1..3u32).prop_map(|(a, n, min)| Value::Mean(a, n, min.min(n))),
        (0..4usize, 1..4u32).prop_map(|(a, n)| Value::Most(a, n)),
        (0..4usize, 1..9u32).prop_map(|(a, n)| Value::Least(a, n)),
        (0..4usize, 1..9u32, 1..3u32).prop_map(|(a, n, min)| Value::Total(a, n, min.min(n))),
        (0..4usize, 1..5u32).prop_map(|(a, n)| Value::Times(a, n)),
        (0..4usize, 1..4u32).prop_map(|(a, n)| Value::Lag(a, n)),
        (0..4usize, 0..4usize).prop_map(|(a, b)| Value::Either(a, b)),
    ]
}

fn bounds() -> impl Strategy<Value = [f64; 3]> {
    (number(), 1..6i32, 1..6i32, any::<bool>()).prop_map(|(start, first, second, rises)| {
        let turn = if rises { 0.5 } else { -0.5 };
        let middle = start + turn * f64::from(first);
        [start, middle, middle + turn * f64::from(second)]
    })
}

fn rules(dimension: usize) -> impl Strategy<Value = Rules> {
    let rule = prop_oneof![
        4 => (value(), bounds()).prop_map(|(value, bounds)| Rule::Anchors(value, bounds)),
        1 => (value(), bounds()).prop_map(|(value, bounds)| Rule::Steps(value, bounds)),
        1 => prop_oneof![Just([0.0, 60.0]), Just([80.0, 20.0])].prop_map(Rule::Map),
        1 => number().prop_map(Rule::Levels),
    ];
    (rule, 1..4u32, prop::bool::weighted(0.3), 0..3usize, number()).prop_map(
        move |(rule, weight, applies, key, edge)| {
            let has_number = matches!(rule, Rule::Anchors(..) | Rule::Steps(..));
            let key = match key {
                1 => Key::Severity,
                2 if has_number => Key::Value(edge),
                _ => Key::None,
            };
            Rules { dimension, weight: f64::from(weight), applies, rule, key }
        },
    )
}

/// Any policy of one to three modules.
pub fn policy() -> impl Strategy<Value = Policy> {
    (1..=3usize, 0..=2usize)
        .prop_flat_map(|(modules, more)| {
            let dimensions = modules + more;
            let per_dimension = prop::collection::vec(1..=2usize, dimensions);
            per_dimension.prop_flat_map(move |counts| {
                let owners = counts.iter().enumerate();
                let owners: Vec<usize> =
                    owners.flat_map(|(dimension, count)| vec![dimension; *count]).collect();
                let indicators: Vec<_> = owners.into_iter().map(rules).collect();
                let weights = prop::collection::vec((1..5u32).prop_map(f64::from), dimensions);
                let scoring = (
                    prop::array::uniform3(0..3usize),
                    prop_oneof![Just([20.0, 40.0, 60.0, 80.0]), Just([10.0, 25.0, 33.0, 50.0])],
                    prop_oneof![Just(0.3), Just(0.5), Just(1.0)],
                    (1..3u32, 3..5u32),
                    any::<bool>(),
                    2..6u32,
                    (prop::option::of(Just(10.0)), prop::option::of(1..3u32)),
                );
                (Just(modules), weights, indicators, scoring)
            })
        })
        .prop_map(|(modules, dimensions, indicators, scoring)| {
            let (aggregates, edges, min_confidence, clean, is_robust, window, last) = scoring;
            let (lift, freshness) = last;
            Policy {
                modules,
                dimensions,
                indicators,
                aggregates,
                edges,
                min_confidence,
                clean,
                is_robust,
                window,
                lift,
                freshness,
            }
        })
}

fn row(period: i32) -> impl Strategy<Value = Option<Row>> {
    let cell = || prop::option::weighted(0.85, number());
    let category = prop::option::weighted(0.85, prop_oneof![Just("x"), Just("y"), Just("z")]);
    let cells = (prop::array::uniform4(cell()), prop::option::weighted(0.85, any::<bool>()));
    prop::option::weighted(
        0.85,
        (cells, category, 0..4i32).prop_map(move |((numbers, condition), category, age)| Row {
            period,
            numbers,
            age,
            condition,
            category,
        }),
    )
}

/// A few households over twelve months before and two after the assessed one, which is month 0.
pub fn households() -> impl Strategy<Value = Vec<Household>> {
    let months: Vec<_> = (-11..=2).map(row).collect();
    let one = months.prop_map(|rows| rows.into_iter().flatten().collect::<Household>());
    prop::collection::vec(one, 1..6)
}

impl Value {
    fn text(&self) -> String {
        match self {
            Value::One(a) => format!("a{a}"),
            Value::Sum(a, b) => format!("a{a} + a{b}"),
            Value::Ratio(a, b) => format!("ratio(a{a}, a{b})"),
            Value::Mean(a, n, min) => format!("mean_over(a{a}, {n}, {min})"),
            Value::Most(a, n) => format!("max_over(a{a}, {n}, 1)"),
            Value::Least(a, n) => format!("min_over(a{a}, {n}, 1)"),
            Value::Total(a, n, min) => format!("sum_over(a{a}, {n}, {min})"),
            Value::Times(a, n) => format!("count_over(a{a} > 0, {n}, 1)"),
            Value::Lag(a, n) => format!("lag(a{a}, {n})"),
            Value::Either(a, b) => format!("coalesce(a{a}, a{b})"),
        }
    }
}

/// The policy as the files of a pack.
pub fn files(policy: &Policy) -> Vec<(String, String)> {
    let label = "label = { en = \"x\" }\n";
    let mut files = vec![(
        "pack.toml".to_owned(),
        format!(
            "id = \"p\"\nversion = \"1\"\n{label}authority = \"x\"\neffective_from = 2020-01-01\n\
             period = \"month\"\ncurrency = \"CNY\"\nlanguages = [\"en\"]\n"
        ),
    )];
    let mut dimensions = String::new();
    for module in 0..policy.modules {
        let _ = write!(dimensions, "[[module]]\nid = \"m{module}\"\n{label}");
    }
    for (dimension, weight) in policy.dimensions.iter().enumerate() {
        let module = dimension % policy.modules;
        let _ = write!(
            dimensions,
            "[[dimension]]\nid = \"d{dimension}\"\nmodule = \"m{module}\"\nweight = {weight}\n{label}"
        );
    }
    files.push(("dimensions.toml".to_owned(), dimensions));
    let number = format!("{label}type = \"number\"\nunit = \"1\"\n");
    let fresh = policy.freshness.map_or(String::new(), |it| format!("freshness = {it}\n"));
    files.push(("attributes/a0.toml".to_owned(), format!("{number}{fresh}")));
    files.extend((1..4).map(|it| (format!("attributes/a{it}.toml"), number.clone())));
    files.push(("attributes/b0.toml".to_owned(), format!("{label}type = \"boolean\"\n{fresh}")));
    files.push(("attributes/t0.toml".to_owned(), format!("{label}type = \"text\"\n")));
    for (position, rules) in policy.indicators.iter().enumerate() {
        files.push((format!("indicators/i{position}.toml"), indicator(rules)));
    }
    files.push(("scoring.toml".to_owned(), scoring(policy)));
    files
}

fn indicator(rules: &Rules) -> String {
    let mut text = format!(
        "label = {{ en = \"x\" }}\ndimension = \"d{}\"\nweight = {}\n",
        rules.dimension, rules.weight
    );
    if rules.applies {
        text.push_str("applies = \"b0\"\n");
    }
    match &rules.rule {
        Rule::Anchors(value, [none, yellow, red]) => {
            let _ = writeln!(text, "unit = \"1\"\nvalue = \"{}\"", value.text());
            let _ = writeln!(text, "anchors = {{ none = {none}, yellow = {yellow}, red = {red} }}");
        }
        Rule::Steps(value, [none, yellow, red]) => {
            let _ = writeln!(text, "unit = \"1\"\nvalue = \"{}\"", value.text());
            let _ = writeln!(text, "steps = {{ none = {none}, yellow = {yellow}, red = {red} }}");
        }
        Rule::Map([x, y]) => {
            let _ = writeln!(text, "value = \"t0\"\nmap = {{ x = {x}, y = {y} }}");
        }
        Rule::Levels(bound) => {
            let _ = writeln!(
                text,
                "levels = [{{ when = \"b0\", severity = 80 }}, \
                 {{ when = \"a0 > {bound}\", severity = 40 }}]"
            );
        }
    }
    match &rules.key {
        Key::None => {}
        Key::Severity => text.push_str("[[key]]\nband = \"orange\"\nwhen = \"severity >= 60\"\n"),
        Key::Value(edge) => {
            let _ = writeln!(text, "[[key]]\nband = \"red\"\nwhen = \"value < {edge}\"");
        }
    }
    text
}

fn scoring(policy: &Policy) -> String {
    let [dimension, module, composite] = policy.aggregates.map(|it| AGGREGATES[it]);
    let [blue, yellow, orange, red] = policy.edges;
    let method = if policy.is_robust { "theil_sen" } else { "least_squares" };
    let lift = policy.lift.map_or(String::new(), |it| format!("lift_within = {it}\n"));
    format!(
        "aggregate = {{ dimension = \"{dimension}\", module = \"{module}\", composite = \
         \"{composite}\" }}\nbands = {{ blue = {blue}, yellow = {yellow}, orange = {orange}, red = \
         {red} }}\nmin_confidence = {}\nclean_periods = {}\nclean_within = {}\nreasons = 3\n\
         [trend]\nmethod = \"{method}\"\nwindow = {}\nmin_known = 2\nslope_min = 2.0\n\
         steps_up_min = 0.5\n{lift}[warnings]\nfrom = \"yellow\"\nspell_periods = 3\n",
        policy.min_confidence, policy.clean.0, policy.clean.1, policy.window
    )
}
