//! A pack compiled for the periods in which one set of parameter values is in force.

use crate::compile::{Compiler, Layout};
use crate::rows::expression_fault;
use arrow::array::{Array, AsArray};
use arrow::datatypes::Float64Type;
use base::codes::monitor as codes;
use base::{Band, Diagnostic, Period, Score};
use datafusion_physical_expr::PhysicalExpr;
use pack::{Anchor, Compare, Expr, Indicator, Node, Pack, SeverityRule};
use std::sync::Arc;

/// A compiled expression.
pub type Compiled = Arc<dyn PhysicalExpr>;

/// A pack under one set of parameter values.
pub struct Program {
    /// A period in which these values are in force; area-scoped parameters are looked up with it.
    pub at: Period,
    /// The columns that expressions read.
    pub layout: Layout,
    /// The pack's indicators, in its order.
    pub indicators: Vec<CompiledIndicator>,
    /// The conditions of the pack's triggers, in its order.
    pub triggers: Vec<Compiled>,
    /// What cannot be judged in these periods, and why.
    pub diagnostics: Vec<Diagnostic>,
}

/// An indicator ready to be evaluated.
pub struct CompiledIndicator {
    /// Where false it is not applicable.
    pub applies: Option<Compiled>,
    /// What is measured.
    pub value: Option<Compiled>,
    /// How a value becomes a severity.
    pub severity: CompiledSeverity,
    /// Bands that it forces.
    pub keys: Vec<CompiledKey>,
    /// Layout positions of the attributes it reads, to tell an unknown input from a value that
    /// arithmetic made unknown; `None` where it looks back over periods, or cannot be judged.
    pub inputs: Option<Vec<usize>>,
}

/// How a value becomes a severity.
pub enum CompiledSeverity {
    /// Points of a scale; see [`pack::SeverityRule::Anchors`] and `Steps`.
    Scale {
        /// Whether values between two points lie between their severities.
        is_linear: bool,
        /// Severity and bound, in order of severity.
        points: Vec<(f64, Bound)>,
    },
    /// Category to severity.
    Map(Vec<(String, f64)>),
    /// First true wins.
    Levels(Vec<(Compiled, f64)>),
}

/// A bound of a scale.
pub enum Bound {
    /// The same everywhere; `None` where a parameter has no value in force.
    Fixed(Option<f64>),
    /// Depends on the area of the row.
    ByArea(Compiled),
}

/// A key judgement.
pub struct CompiledKey {
    /// The least band where it fires.
    pub band: Band,
    /// When it fires.
    pub when: KeyCondition,
}

/// When a key judgement fires.
pub enum KeyCondition {
    /// The indicator's severity is known and at least this.
    SeverityAtLeast(Score),
    /// Anything else.
    Expression(Compiled),
}

impl Program {
    /// Compiles a pack for a period.
    pub fn new(pack: &Pack, at: Period) -> Result<Program, Diagnostic> {
        let parameters = pack.parameters.iter();
        let parameters: Vec<Option<f64>> = parameters.map(|it| it.at(at, None)).collect();
        let mut layout = Layout { attributes: attributes_read(pack), ..Layout::default() };
        let scoped = |it: &usize| pack.parameters[*it].is_area_scoped();
        layout.area_parameters = (0..pack.parameters.len()).filter(scoped).collect();
        let mut compiler = Compiler { parameters: &parameters, layout };
        let mut diagnostics = Vec::new();
        let mut indicators = Vec::with_capacity(pack.indicators.len());
        for indicator in &pack.indicators {
            let mut compiled = compile_indicator(&mut compiler, indicator)?;
            if let Some(problem) = scale_problem(pack, indicator, &compiled, at) {
                diagnostics.push(problem);
                compiled.inputs = None;
            }
            indicators.push(compiled);
        }
        let triggers = pack.triggers.iter().map(|it| compiler.compile(&it.when));
        let triggers = triggers.collect::<Result<Vec<_>, _>>()?;
        Ok(Program { at, layout: compiler.layout, indicators, triggers, diagnostics })
    }

    /// Which parameter values have started by a period: two periods with equal epochs share a
    /// program.
    pub fn epoch(pack: &Pack, at: Period) -> Vec<bool> {
        let values = pack.parameters.iter().flat_map(|it| &it.values);
        values.map(|it| it.from.is_none_or(|from| from.index() <= at.index())).collect()
    }
}

fn attributes_read(pack: &Pack) -> Vec<usize> {
    let indicators = pack.indicators.iter().flat_map(Indicator::expressions);
    let expressions = indicators.chain(pack.triggers.iter().map(|it| &it.when));
    let mut found: Vec<usize> = expressions.flat_map(Expr::attributes).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn compile_indicator(
    compiler: &mut Compiler<'_>,
    indicator: &Indicator,
) -> Result<CompiledIndicator, Diagnostic> {
    let applies = indicator.applies.as_ref().map(|it| compiler.compile(it)).transpose()?;
    let value = indicator.value.as_ref().map(|it| compiler.compile(it)).transpose()?;
    let severity = match &indicator.severity {
        SeverityRule::Anchors(anchors) => scale(compiler, anchors, true)?,
        SeverityRule::Steps(anchors) => scale(compiler, anchors, false)?,
        SeverityRule::Map(map) => CompiledSeverity::Map(map.clone()),
        SeverityRule::Levels(levels) => {
            let levels = levels.iter();
            let levels = levels.map(|it| Ok((compiler.compile(&it.when)?, it.severity)));
            CompiledSeverity::Levels(levels.collect::<Result<_, Diagnostic>>()?)
        }
    };
    let mut keys = Vec::with_capacity(indicator.keys.len());
    for key in &indicator.keys {
        let when = match severity_at_least(&key.when) {
            Some(edge) => KeyCondition::SeverityAtLeast(edge),
            None => KeyCondition::Expression(compiler.compile(&key.when)?),
        };
        keys.push(CompiledKey { band: key.band, when });
    }
    let inputs = inputs(&compiler.layout, indicator);
    Ok(CompiledIndicator { applies, value, severity, keys, inputs })
}

fn inputs(layout: &Layout, indicator: &Indicator) -> Option<Vec<usize>> {
    let mut positions = Vec::new();
    for expression in indicator.expressions() {
        if expression.lookback() > 0 {
            return None;
        }
        let attributes = expression.attributes().into_iter();
        positions.extend(attributes.filter_map(|it| layout.attributes.binary_search(&it).ok()));
    }
    positions.sort_unstable();
    positions.dedup();
    Some(positions)
}

/// Recognises `severity >= number`, the usual judgement, which needs no expression.
fn severity_at_least(when: &Expr) -> Option<Score> {
    let Node::Compare(Compare::GreaterOrEqual, left, right) = &when.node else { return None };
    match (&left.node, &right.node) {
        (Node::OwnSeverity, Node::Number(edge)) => Some(Score::from_points(*edge)),
        _ => None,
    }
}

fn scale(
    compiler: &mut Compiler<'_>,
    anchors: &[Anchor],
    is_linear: bool,
) -> Result<CompiledSeverity, Diagnostic> {
    let mut points = Vec::with_capacity(anchors.len());
    for anchor in anchors {
        let compiled = compiler.compile(&anchor.bound)?;
        let mut reads_area = false;
        anchor.bound.walk(&mut |it| {
            let Node::Parameter(index) = it.node else { return };
            reads_area |= compiler.layout.area_parameters.binary_search(&index).is_ok();
        });
        let bound =
            if reads_area { Bound::ByArea(compiled) } else { Bound::Fixed(constant(&compiled)?) };
        points.push((anchor.severity, bound));
    }
    Ok(CompiledSeverity::Scale { is_linear, points })
}

/// The value of an expression that reads no column.
pub(crate) fn constant(expr: &Compiled) -> Result<Option<f64>, Diagnostic> {
    let one = arrow::array::RecordBatchOptions::new().with_row_count(Some(1));
    let schema = Arc::new(arrow::datatypes::Schema::empty());
    let batch = arrow::array::RecordBatch::try_new_with_options(schema, Vec::new(), &one)
        .map_err(crate::rows::arrow_fault)?;
    let value = expr.evaluate(&batch).map_err(expression_fault)?;
    let column = value.into_array(1).map_err(expression_fault)?;
    let numbers = column.as_primitive::<Float64Type>();
    Ok(numbers.is_valid(0).then(|| numbers.value(0)).filter(|it| it.is_finite()))
}

/// Whether the bounds run one way.
pub fn is_monotone(bounds: &[f64]) -> bool {
    let up = bounds.windows(2).all(|it| it[0] < it[1]);
    let down = bounds.windows(2).all(|it| it[0] > it[1]);
    (up || down) && !bounds.is_empty()
}

/// A scale that cannot be used in a period: a parameter has no value, or bounds cross.
fn scale_problem(
    pack: &Pack,
    indicator: &Indicator,
    compiled: &CompiledIndicator,
    at: Period,
) -> Option<Diagnostic> {
    let CompiledSeverity::Scale { points, .. } = &compiled.severity else { return None };
    let fixed = points.iter().map(|(_, bound)| match bound {
        Bound::Fixed(it) => Some(*it),
        Bound::ByArea(_) => None,
    });
    let fixed = fixed.collect::<Option<Vec<_>>>()?;
    let why = match fixed.into_iter().collect::<Option<Vec<f64>>>() {
        None => "a parameter of its anchors has no value in force",
        Some(bounds) if !is_monotone(&bounds) => "its anchors cross under the values in force",
        Some(_) => return None,
    };
    let message = format!("`{}` cannot be judged in {at}: {why}", indicator.id);
    let hint = format!("add a value that holds in {at} to the parameters of pack `{}`", pack.id);
    Some(Diagnostic::new(&codes::SCALE_UNUSABLE, message).at(indicator.place.clone()).hint(hint))
}
