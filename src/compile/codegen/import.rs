//! Imports.

use num_bigint::BigInt;

use super::super::ast::*;
use super::{Codegen, Res};
use crate::code::object::{Const, Text};
use crate::code::opcode::Opcode::*;

impl<'a> Codegen<'a> {
    pub(super) fn import(&mut self, names: &'a [Alias]) -> Res {
        for alias in names {
            self.load_const(Const::Int(BigInt::from(0)));
            self.load_const(Const::None);
            let arg = self.name_arg(&self.mangle(&alias.name));
            self.op_arg(IMPORT_NAME, arg);
            match &alias.asname {
                Some(asname) => self.import_as(&alias.name, asname)?,
                None => {
                    let front = alias.name.split('.').next().unwrap_or(&alias.name);
                    self.store_name(front)?;
                }
            }
        }
        Ok(())
    }

    /// `import a.b.c as d` binds the innermost module.
    fn import_as(&mut self, name: &str, asname: &Identifier) -> Res {
        let mut parts = name.split('.').skip(1).peekable();
        if parts.peek().is_none() {
            return self.name_op(asname, Ctx::Store);
        }
        while let Some(part) = parts.next() {
            let arg = self.name_arg(&Identifier::from(part));
            self.op_arg(IMPORT_FROM, arg);
            if parts.peek().is_some() {
                self.op_arg(SWAP, 2);
                self.op(POP_TOP);
            }
        }
        self.name_op(asname, Ctx::Store)?;
        self.op(POP_TOP);
        Ok(())
    }

    pub(super) fn import_from(
        &mut self,
        loc: Location,
        module: Option<&'a Identifier>,
        names: &'a [Alias],
        level: u32,
    ) -> Res {
        self.load_const(Const::Int(BigInt::from(level)));
        let list: Vec<Const> = names.iter().map(|alias| Const::Str(Text::from(&*alias.name))).collect();
        self.load_const(Const::Tuple(list.into()));
        let from = module.map_or("", |module| &**module);
        if loc.line > self.future_line && from == "__future__" {
            return self.error("from __future__ imports must occur at the beginning of the file");
        }
        let arg = self.name_arg(&self.mangle(&Identifier::from(from)));
        self.op_arg(IMPORT_NAME, arg);
        for (at, alias) in names.iter().enumerate() {
            if at == 0 && &*alias.name == "*" {
                self.op(IMPORT_STAR);
                return Ok(());
            }
            let arg = self.name_arg(&self.mangle(&alias.name));
            self.op_arg(IMPORT_FROM, arg);
            self.name_op(alias.asname.as_ref().unwrap_or(&alias.name), Ctx::Store)?;
        }
        self.op(POP_TOP);
        Ok(())
    }
}
