//! Patterns of `match`.

use ruff_python_ast as ruff;

use super::{Lower, Result_};
use crate::code::object::Const;
use crate::compile::ast::*;

impl Lower<'_> {
    pub(super) fn pattern(&mut self, pattern: &ruff::Pattern) -> Result_<Pattern> {
        self.enter()?;
        let loc = self.location(pattern);
        let kind = match pattern {
            ruff::Pattern::MatchValue(node) => PatternKind::Value(self.boxed(&node.value)?),
            ruff::Pattern::MatchSingleton(node) => PatternKind::Singleton(match node.value {
                ruff::Singleton::None => Const::None,
                ruff::Singleton::True => Const::True,
                ruff::Singleton::False => Const::False,
            }),
            ruff::Pattern::MatchSequence(node) => PatternKind::Sequence(self.patterns(&node.patterns)?),
            ruff::Pattern::MatchMapping(node) => PatternKind::Mapping {
                keys: node.keys.iter().map(|key| self.expr(key)).collect::<Result_<_>>()?,
                patterns: self.patterns(&node.patterns)?,
                rest: node.rest.as_ref().map(|rest| self.identifier(rest)),
            },
            ruff::Pattern::MatchClass(node) => {
                let keywords = &node.arguments.keywords;
                PatternKind::Class {
                    cls: self.boxed(&node.cls)?,
                    patterns: self.patterns(&node.arguments.patterns)?,
                    kwd_attrs: keywords.iter().map(|keyword| self.identifier(&keyword.attr)).collect(),
                    kwd_locs: keywords.iter().map(|keyword| self.location(&keyword.pattern)).collect(),
                    kwd_patterns: keywords
                        .iter()
                        .map(|keyword| self.pattern(&keyword.pattern))
                        .collect::<Result_<_>>()?,
                }
            }
            ruff::Pattern::MatchStar(node) => {
                PatternKind::Star(node.name.as_ref().map(|name| self.identifier(name)))
            }
            ruff::Pattern::MatchAs(node) => PatternKind::As {
                pattern: node
                    .pattern
                    .as_deref()
                    .map(|pattern| self.pattern(pattern).map(Box::new))
                    .transpose()?,
                name: node.name.as_ref().map(|name| self.identifier(name)),
            },
            ruff::Pattern::MatchOr(node) => PatternKind::Or(self.patterns(&node.patterns)?),
        };
        self.leave();
        Ok(Pattern { loc, kind })
    }

    fn patterns(&mut self, patterns: &[ruff::Pattern]) -> Result_<Vec<Pattern>> {
        patterns.iter().map(|pattern| self.pattern(pattern)).collect()
    }
}
