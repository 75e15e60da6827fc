//! Which text a template's `if` governs.

use super::Tag;
use super::tags::{Language, Role};
use crate::syntax::tree::Branch;
use crate::text::Span;

/// A statement that is open.
struct Open {
    language: Language,
    group: u32,
    index: u32,
    /// Where the present branch starts.
    start: usize,
}

/// The branches of all statements, sorted by start. A loop is a branch that may be taken or not. Tags that do
/// not match are passed over: a wrong template is its engine's business.
pub(super) fn find(tags: &[&Tag], length: usize) -> Vec<Branch> {
    let mut branches: Vec<Branch> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    // Of each group: is one of its branches always taken?
    let mut exhaustive: Vec<bool> = Vec::new();
    for tag in tags {
        let (start, end) = (tag.span.start as usize, tag.span.end as usize);
        match tag.role {
            Role::None => {}
            Role::Open(language) => {
                let group = u32::try_from(exhaustive.len()).unwrap_or(u32::MAX);
                open.push(Open { language, group, index: 0, start: end });
                exhaustive.push(false);
            }
            Role::Next { language, otherwise } => {
                if let Some(open) = open.last_mut().filter(|open| open.language == language) {
                    branches.push(branch(open, start));
                    open.index += 1;
                    open.start = end;
                    if let Some(exhaustive) = exhaustive.get_mut(open.group as usize) {
                        *exhaustive |= otherwise;
                    }
                }
            }
            Role::Close(language) => {
                if let Some(open) = open.pop_if(|open| open.language == language) {
                    branches.push(branch(&open, start));
                }
            }
        }
    }
    // What is never closed goes on to the end, and nothing is known of what may follow.
    for open in &open {
        branches.push(branch(open, length));
        if let Some(exhaustive) = exhaustive.get_mut(open.group as usize) {
            *exhaustive = false;
        }
    }
    for branch in &mut branches {
        branch.exhaustive = exhaustive.get(branch.group as usize) == Some(&true);
    }
    branches.sort_by_key(|branch| branch.span.start);
    branches
}

fn branch(open: &Open, end: usize) -> Branch {
    Branch { span: Span::new(open.start, end), group: open.group, index: open.index, exhaustive: false }
}
