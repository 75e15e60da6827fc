//! Control flow: what is run under a condition, several times, or perhaps never.

use super::super::SyntaxError;
use super::frame::Target;
use super::lexer::{Kind, Token};
use super::parser::Parser;
use crate::text::Span;
use std::collections::HashSet;

type Result<T> = std::result::Result<T, SyntaxError>;

impl Parser<'_> {
    /// Statements that may be run or not, as branch `index` of `group`; gives where they leave assignments going.
    fn branch(&mut self, group: u32, index: u32, from: &[Target], until: &[&str]) -> Result<Vec<Target>> {
        let start = self.end();
        self.frame.targets = from.to_vec();
        self.branches += 1;
        self.frame.unsettle(start);
        let read = self.block(until);
        self.branches -= 1;
        let end = self.peek().span.start as usize;
        self.frame.settle(end);
        self.frame.branch(Span::new(start, end), group, index);
        read.map(|()| std::mem::take(&mut self.frame.targets))
    }

    pub(super) fn condition(&mut self) -> Result<()> {
        let opening = self.next();
        let before = self.frame.targets.clone();
        self.frame.settle(opening.span.start as usize);
        let group = self.frame.group();
        let mut ends = Vec::new();
        self.expression()?;
        self.need("then")?;
        let mut exhaustive = false;
        for index in 0.. {
            ends.push(self.branch(group, index, &before, &["elseif", "else", "end"])?);
            if exhaustive || self.is("end") || self.peek().kind == Kind::End {
                break;
            }
            if self.take("else") {
                exhaustive = true;
            } else {
                self.need("elseif")?;
                self.expression()?;
                self.need("then")?;
            }
        }
        self.need_closing(opening, "end")?;
        if exhaustive {
            self.frame.exhaust(group);
        } else {
            ends.push(before);
        }
        self.frame.join(ends, self.end());
        self.after_branches();
        Ok(())
    }

    pub(super) fn looping(&mut self) -> Result<()> {
        let opening = self.next();
        let mark = self.locals.enter();
        let before = self.frame.targets.clone();
        self.frame.settle(opening.span.start as usize);
        if opening.kind == Kind::Word("while") {
            self.expression()?;
        } else if opening.kind == Kind::Word("for") {
            let mut names = vec![self.name()?];
            while self.take(",") {
                names.push(self.name()?);
            }
            let counts = names.len() == 1 && self.take("=");
            if !counts {
                self.need("in")?;
            }
            self.values()?;
            names.into_iter().for_each(|name| self.declare_open(name));
        }
        let group = self.frame.group();
        let end = if opening.kind == Kind::Word("repeat") {
            let end = self.branch(group, 0, &before, &["until"])?;
            self.need_closing(opening, "until")?;
            self.expression()?;
            end
        } else {
            self.need("do")?;
            let end = self.branch(group, 0, &before, &["end"])?;
            self.need_closing(opening, "end")?;
            end
        };
        self.locals.leave(mark);
        self.frame.join(vec![before, end], self.end());
        self.after_branches();
        Ok(())
    }

    /// `function a.b:c(…) … end`
    pub(super) fn named_function(&mut self) -> Result<()> {
        let opening = self.next();
        let name = self.name()?;
        self.frame.note(self.read(name));
        while self.take(".") || self.take(":") {
            self.name()?;
        }
        self.function_body(opening)
    }

    /// Parameters and statements. Whether, when and how often these run is not known.
    pub(super) fn function_body(&mut self, opening: Token) -> Result<()> {
        let mark = self.locals.enter();
        let bracket = self.need("(")?;
        while !self.is(")") {
            match self.peek().kind {
                Kind::Word("...") => self.at += 1,
                _ => {
                    let name = self.name()?;
                    self.declare_open(name);
                }
            }
            if !self.take(",") {
                break;
            }
        }
        self.need_closing(bracket, ")")?;
        let before = self.frame.targets.clone();
        self.frame.settle(self.end());
        let group = self.frame.group();
        self.functions += 1;
        let end = self.branch(group, 0, &before, &["end"]);
        self.functions -= 1;
        let end = end?;
        self.need_closing(opening, "end")?;
        self.locals.leave(mark);
        self.frame.join(vec![before, end], self.end());
        Ok(())
    }

    pub(super) fn leave(&mut self) -> Result<()> {
        self.at += 1;
        if !matches!(self.peek().kind, Kind::End | Kind::Word("end" | "else" | "elseif" | "until" | ";")) {
            self.values()?;
        }
        self.take(";");
        self.returned |= self.functions == 0 && self.branches > 0;
        Ok(())
    }

    fn after_branches(&mut self) {
        if self.returned && self.branches == 0 && self.rest.is_none() {
            self.rest = Some(self.end());
        }
    }
}

/// Names that are assigned to inside a loop or a function, without a look at which variable they mean.
pub(super) fn unsteady<'a>(tokens: &[Token], text: &'a str) -> HashSet<&'a str> {
    let mut names = HashSet::new();
    // Open blocks: may they run several times?
    let mut blocks: Vec<bool> = Vec::new();
    let mut repeated = 0usize;
    let mut header = false;
    for pair in tokens.windows(2) {
        let [token, next] = pair else { continue };
        let opened = match token.kind {
            Kind::Word("for" | "while") => {
                header = true;
                continue;
            }
            Kind::Word("do") => Some(std::mem::take(&mut header)),
            Kind::Word("function" | "repeat") => Some(true),
            Kind::Word("if") => Some(false),
            Kind::Word("end" | "until") => {
                repeated -= usize::from(blocks.pop().unwrap_or(false));
                continue;
            }
            Kind::Name if repeated > 0 && matches!(next.kind, Kind::Word("=" | ",")) => {
                names.extend(text.get(token.span.range()));
                None
            }
            _ => None,
        };
        if let Some(several) = opened {
            blocks.push(several);
            repeated += usize::from(several);
        }
    }
    names
}
