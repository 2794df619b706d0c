//! Calls: functions of one row and windows over periods.

use super::{Converter, PERIODS_MAX};
use crate::expr::{Expr, Node, Type};
use crate::functions::{FUNCTIONS, Function, Misfit, WINDOWS, WindowFunction};
use crate::raw::suggest::hint_among;
use crate::unit::Unit;
use base::codes::pack as codes;
use sqlparser::ast::{Expr as Sql, FunctionArg, FunctionArgExpr, FunctionArguments, Value};

impl Converter<'_> {
    pub(super) fn call(&self, sql: &Sql, call: &sqlparser::ast::Function) -> Option<Expr> {
        let name = call.name.to_string().to_lowercase();
        let is_plain = call.over.is_none()
            && call.filter.is_none()
            && call.null_treatment.is_none()
            && call.within_group.is_empty()
            && matches!(call.parameters, FunctionArguments::None);
        let FunctionArguments::List(list) = &call.args else {
            return self.refused(sql, "a function takes its arguments in brackets");
        };
        if !is_plain || list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
            return self
                .refused(sql, "a function takes its arguments in brackets and nothing else");
        }
        let mut arguments = Vec::with_capacity(list.args.len());
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(it)) => arguments.push(it),
                _ => return self.refused(sql, "arguments are expressions without names"),
            }
        }
        if let Some((_, window)) = WINDOWS.iter().find(|it| it.0 == name) {
            return self.window(sql, &name, *window, &arguments);
        }
        if let Some((_, function)) = FUNCTIONS.iter().find(|it| it.0 == name) {
            return self.function(sql, &name, *function, &arguments);
        }
        let names: Vec<&str> =
            FUNCTIONS.iter().map(|it| it.0).chain(WINDOWS.iter().map(|it| it.0)).collect();
        let finding = self
            .place(sql)
            .finding(&codes::EXPRESSION_REFUSED, format!("there is no function `{name}`"));
        self.sink.report(finding.hint(hint_among(&name, &names)));
        None
    }

    fn function(&self, sql: &Sql, name: &str, function: Function, list: &[&Sql]) -> Option<Expr> {
        let arguments: Vec<Option<Expr>> = list.iter().map(|it| self.convert(it)).collect();
        let arguments = arguments.into_iter().collect::<Option<Vec<Expr>>>()?;
        let types: Vec<Type> = arguments.iter().map(|it| it.ty.clone()).collect();
        match function.result(&types) {
            Ok(ty) => Some(Expr { node: Node::Call(function, arguments), ty }),
            Err(misfit) => self.misfit(sql, name, misfit),
        }
    }

    fn window(
        &self,
        sql: &Sql,
        name: &str,
        function: WindowFunction,
        list: &[&Sql],
    ) -> Option<Expr> {
        let is_lag = function == WindowFunction::Lag;
        let (argument, periods, min_known) = match list {
            [argument, periods] if is_lag => (argument, periods, None),
            [argument, periods, min_known] if !is_lag => (argument, periods, Some(min_known)),
            _ => {
                let shape = if is_lag { "(x, n)" } else { "(x, n, min_known)" };
                return self.mistyped(
                    sql,
                    format!("{name} is written {name}{shape}"),
                    "see the table",
                );
            }
        };
        let argument = self.convert(argument);
        let periods = self.count(periods);
        let min_known = min_known.map_or(Some(1), |it| self.count(it));
        let (argument, periods, min_known) = (argument?, periods?, min_known?);
        if min_known > periods && !is_lag {
            let message = format!("{name} asks for {min_known} known periods out of {periods}");
            return self.mistyped(sql, message, "ask for at most as many as there are");
        }
        let ty = match (function, &argument.ty) {
            (WindowFunction::Lag, ty) => ty.clone(),
            (WindowFunction::Count, Type::Boolean) => Type::Number(Some(Unit::one())),
            (WindowFunction::Count, _) => {
                let hint = "write a comparison, for example count_over(income < 100, 12, 6)";
                return self.mistyped(sql, "count_over counts a condition".to_owned(), hint);
            }
            (_, Type::Number(_)) => argument.ty.clone(),
            _ => return self.misfit(sql, name, Misfit::Type("a number first")),
        };
        let argument = Box::new(argument);
        Some(Expr { node: Node::Window { function, argument, periods, min_known }, ty })
    }

    fn count(&self, sql: &Sql) -> Option<u32> {
        if let Sql::Value(it) = sql
            && let Value::Number(text, _) = &it.value
            && let Ok(count) = text.to_string().parse::<u32>()
            && (1..=PERIODS_MAX).contains(&count)
        {
            return Some(count);
        }
        let message = format!("a literal whole number from 1 to {PERIODS_MAX} is needed here");
        self.mistyped(sql, message, "how far a rule looks back is part of the rule");
        None
    }
}
