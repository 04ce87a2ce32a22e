//! Where in the tree the next words or blocks go.

use super::{Gap, IMPLIED, Kind, Open, Tree};
use comrak::Arena;
use comrak::nodes::{AstNode, ListDelimType, ListType, NodeList, NodeTable, NodeValue, TableAlignment};

impl<'a> Tree<'a> {
    pub(super) fn is_verbatim(&self) -> bool {
        self.open.last().is_some_and(|open| open.kind == Kind::Verbatim)
    }

    pub(super) fn push(&mut self, tag: &str, kind: Kind, value: Option<NodeValue>, node: Option<&'a AstNode<'a>>) {
        self.open.push(Open { tag: tag.to_owned(), kind, value, node });
    }

    /// A mark within a line; the same mark again within itself adds nothing.
    pub(super) fn push_inline(&mut self, tag: &str, value: Option<NodeValue>) {
        let same = |open: &Open<'_>| match (&open.value, &value) {
            (Some(one), Some(other)) => std::mem::discriminant(one) == std::mem::discriminant(other),
            _ => false,
        };
        let is_wanted = (self.keeps_marks || matches!(value, Some(NodeValue::Link(_)))) && !self.open.iter().any(same);
        self.push(tag, Kind::Inline, value.filter(|_| is_wanted), None);
    }

    pub(super) fn push_block(&mut self, tag: &str, value: NodeValue) {
        let parent = match value {
            NodeValue::Item(_) => self.parent_of(NodeValue::List(list(ListType::Bullet, 1)), |value| matches!(value, NodeValue::List(_))),
            NodeValue::TableRow(_) => self.parent_of(NodeValue::Table(Box::default()), |value| matches!(value, NodeValue::Table(_))),
            NodeValue::TableCell => self.parent_of(NodeValue::TableRow(false), |value| matches!(value, NodeValue::TableRow(_))),
            _ => self.parent_of_blocks(),
        };
        let node = self.arena.alloc(value.clone().into());
        parent.append(node);
        self.push(tag, Kind::Block, Some(value), Some(node));
    }

    /// The innermost block, made if it is not of the kind wanted.
    fn parent_of(&mut self, wanted: NodeValue, is_it: impl Fn(&NodeValue) -> bool) -> &'a AstNode<'a> {
        if !self.innermost().1.as_ref().is_some_and(is_it) {
            self.push_block(IMPLIED, wanted);
        }
        self.innermost().0
    }

    /// The innermost block that holds blocks. What was made for items or rows without a list or a table ends here.
    pub(super) fn parent_of_blocks(&mut self) -> &'a AstNode<'a> {
        loop {
            match self.innermost() {
                (_, Some(NodeValue::List(_))) if self.last_block().is_some_and(|at| self.open[at].tag != IMPLIED) => {
                    self.push_block(IMPLIED, NodeValue::Item(list(ListType::Bullet, 1)));
                }
                (_, Some(NodeValue::List(_) | NodeValue::Table(_) | NodeValue::TableRow(_) | NodeValue::Heading(_) | NodeValue::Paragraph)) => {
                    if let Some(at) = self.last_block() {
                        self.open.remove(at);
                    }
                }
                (node, _) => return node,
            }
        }
    }

    fn last_block(&self) -> Option<usize> {
        self.open.iter().rposition(|open| open.kind == Kind::Block)
    }

    /// The innermost block: its node, and what it is unless it is the document.
    pub(super) fn innermost(&self) -> (&'a AstNode<'a>, Option<NodeValue>) {
        let block = self.last_block().and_then(|at| self.open.get(at));
        block.and_then(|open| Some((open.node?, open.value.clone()))).unwrap_or((self.root, None))
    }

    /// The node for the next words of a line, after what stands before them.
    pub(super) fn line(&mut self) -> &'a AstNode<'a> {
        if !matches!(self.innermost().1, Some(NodeValue::Paragraph | NodeValue::Heading(_) | NodeValue::TableCell)) {
            let parent = self.parent_of_blocks();
            let node = self.arena.alloc(NodeValue::Paragraph.into());
            parent.append(node);
            // Below marks that were opened around a boundary, so that they go on within it.
            let at = self.last_block().map_or(0, |at| at + 1);
            let paragraph = Open { tag: IMPLIED.to_owned(), kind: Kind::Block, value: Some(NodeValue::Paragraph), node: Some(node) };
            self.open.insert(at, paragraph);
        }
        let (block, _) = self.innermost();
        let from = self.last_block().map_or(0, |at| at + 1);
        let mut parent = self.open[from..].iter().rev().find_map(|open| open.node).unwrap_or(block);
        let gap = std::mem::replace(&mut self.gap, Gap::None);
        let before = match gap {
            Gap::Space => Some(NodeValue::Raw(" ".to_owned())),
            Gap::Firm => Some(NodeValue::Raw("\u{a0}".to_owned())),
            Gap::Break => Some(NodeValue::LineBreak),
            Gap::None => None,
        };
        if let Some(value) = before.filter(|_| !self.is_start) {
            parent.append(self.arena.alloc(value.into()));
            self.is_start = gap == Gap::Break;
        }
        for open in &mut self.open[from..] {
            if let (Some(value), None) = (&open.value, open.node) {
                let node = self.arena.alloc(value.clone().into());
                parent.append(node);
                parent = node;
                open.node = Some(node);
            }
        }
        parent
    }

    /// Ends the paragraph that was made for words, if one is open; marks within the line go on in the next.
    pub(super) fn end_line(&mut self) {
        let paragraph = self.last_block().filter(|at| matches!(self.open[*at].value, Some(NodeValue::Paragraph)));
        if let Some(at) = paragraph {
            self.open.remove(at);
            self.open[at..].iter_mut().for_each(|open| open.node = None);
        }
        self.gap = Gap::None;
        self.is_start = true;
        self.words.push('\n');
    }
}

pub(super) fn list(list_type: ListType, start: usize) -> NodeList {
    NodeList { list_type, marker_offset: 0, padding: 2, start, delimiter: ListDelimType::Period, bullet_char: b'-', tight: true, is_task_list: false }
}

/// Gives each row of a table as many cells as the longest has; the first row is the head.
pub(super) fn complete<'a>(table: &'a AstNode<'a>, arena: &'a Arena<'a>) {
    let columns = table.children().map(|row| row.children().count()).max().unwrap_or(0);
    if columns == 0 {
        table.detach();
        return;
    }
    for (at, row) in table.children().enumerate() {
        row.data.borrow_mut().value = NodeValue::TableRow(at == 0);
        for _ in row.children().count()..columns {
            row.append(arena.alloc(NodeValue::TableCell.into()));
        }
    }
    let facts = NodeTable { alignments: vec![TableAlignment::None; columns], num_columns: columns, ..NodeTable::default() };
    table.data.borrow_mut().value = NodeValue::Table(Box::new(facts));
}
