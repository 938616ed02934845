//! Classes.

use super::super::ast::*;
use super::{Codegen, Res, UnitKind};
use crate::code::object::{Const, Text};
use crate::code::opcode::Opcode::*;

impl<'a> Codegen<'a> {
    pub(super) fn class_def(&mut self, def: &'a ClassDef, loc: Location) -> Res {
        if self.is_classic() {
            return self.classic_class(def, loc);
        }
        self.decorators(&def.decorators)?;
        let firstlineno = def.decorators.first().map_or(loc.line, |first| first.loc.line);
        self.enter(&def.name, UnitKind::Class, def.id, firstlineno)?;
        self.unit().private = Some(def.name.clone());
        self.load_name("__name__")?;
        self.store_name("__module__")?;
        let qualname = Text::from(self.unit_ref().qualname.clone());
        self.load_const(Const::Str(qualname));
        self.store_name("__qualname__")?;
        self.body(&def.body)?;
        self.unset_loc();
        if self.scope().needs_class_closure {
            let arg = self.deref_arg("__class__");
            self.op_arg(LOAD_CLOSURE, arg);
            self.op_arg(COPY, 1);
            self.store_name("__classcell__")?;
        } else {
            self.load_const(Const::None);
        }
        self.op(RETURN_VALUE);
        let code = self.leave(true)?;
        self.op(PUSH_NULL);
        self.op(LOAD_BUILD_CLASS);
        self.make_closure(code, 0)?;
        self.load_text(&def.name);
        self.call_helper(2, &def.bases, &def.keywords)?;
        self.apply_decorators(&def.decorators);
        self.name_op(&def.name, Ctx::Store)
    }
}
