//! Exceptions that nobody can catch: raised in finalizers, callbacks, deallocation.

use super::frame_object::current_frame;
use super::{Ctx, Fetched};
use crate::memory::{Object, Ref};
use crate::objects::native_type::NativeType;
use crate::objects::str::StrBuilder;
use crate::objects::structseq::{self, field};
use crate::objects::{PyResult, Raised, TypeSpec};

static ARGS_SPEC: TypeSpec = structseq::constructible(
    "UnraisableHookArgs",
    "UnraisableHookArgs\n\nType used to pass arguments to sys.unraisablehook.",
    &[
        field::<0>("exc_type", "Exception type"),
        field::<1>("exc_value", "Exception value"),
        field::<2>("exc_traceback", "Exception traceback"),
        field::<3>("err_msg", "Error message"),
        field::<4>("object", "Object causing the exception"),
    ],
);

/// `UnraisableHookArgs`; made together with `sys`.
pub static HOOK_ARGS: NativeType = NativeType::new(&ARGS_SPEC);
const FIELDS: usize = 5;

/// What a hook is told.
struct Report {
    ty: Ref,
    value: Ref,
    traceback: Ref,
    message: Ref,
    object: Ref,
}

impl Ctx {
    /// Reports an exception that cannot be passed on, through `sys.unraisablehook`. `message`
    /// completes "Exception ignored "; without one the text is "Exception ignored in: <object>".
    pub fn write_unraisable(self, raised: Raised, message: Option<&str>, object: Option<&Object>) {
        if crate::era::is_classic() {
            return self.write_ignored(raised, message, object);
        }
        let mut fetched = self.fetch(raised);
        if fetched.traceback.is_none()
            && let Some(frame) = current_frame(self)
        {
            let (lasti, line) = (frame.frame().lasti(), frame.line_number());
            fetched.traceback = Some(super::traceback::new_traceback(self, None, frame, lasti, line));
        }
        let fetched = self.normalize(fetched);
        let report = self.report(fetched, message.map(|m| format!("Exception ignored {m}")), object);
        let Some(hook) = self.sys_attr("unraisablehook") else {
            return self.default_report(&report);
        };
        if self.is_none(&hook) {
            return;
        }
        let result = match HOOK_ARGS.peek() {
            Some(ty) => {
                let fields = vec![
                    report.ty.clone(),
                    report.value.clone(),
                    report.traceback.clone(),
                    report.message.clone(),
                    report.object.clone(),
                ];
                let args = structseq::new_instance(self, ty, FIELDS, fields);
                self.call(&hook, std::slice::from_ref(&args)).map(drop)
            }
            None => {
                self.default_report(&report);
                Ok(())
            }
        };
        if let Err(raised) = result {
            let fetched = self.normalize(self.fetch(raised));
            let report = self.report(
                fetched,
                Some("Exception ignored in sys.unraisablehook".to_string()),
                Some(&hook),
            );
            self.default_report(&report);
        }
    }

    /// The one line of Python 2.7; an exception that nobody has looked at is still type and argument.
    fn write_ignored(self, raised: Raised, message: Option<&str>, object: Option<&Object>) {
        let fetched = self.fetch(raised);
        let Some(file) = self.stderr() else { return };
        let shown = |object: &Object| match self.repr_text(object) {
            Ok(text) => text,
            Err(raised) => {
                self.clear_exception(raised);
                "?".to_owned()
            }
        };
        let mut text = StrBuilder::new();
        text.push_str("Exception ");
        super::print_exception::push_type_name(self, &mut text, fetched.ty.as_object());
        if let Some(value) = fetched.value.as_ref().filter(|value| !self.is_none(value)) {
            text.push_str(": ");
            text.push_str(&shown(value));
        }
        text.push_str(" in ");
        text.push_str(&object.map_or_else(|| message.unwrap_or("<NULL>").to_owned(), shown));
        text.push_str(" ignored\n");
        self.write_built(&file, text);
    }

    fn report(self, fetched: Fetched, message: Option<String>, object: Option<&Object>) -> Report {
        if let (Some(value), Some(traceback)) = (&fetched.value, &fetched.traceback)
            && let Some(exception) = value.downcast::<crate::objects::exceptions::ExceptionObject>()
        {
            exception.traceback.set(Some(traceback.clone()));
        }
        let or_none = |value: Option<Ref>| value.unwrap_or_else(|| self.none());
        Report {
            ty: fetched.ty.into_object(),
            value: or_none(fetched.value),
            traceback: or_none(fetched.traceback),
            message: or_none(message.map(|text| self.new_str(&text).into_object())),
            object: or_none(object.map(Object::to_ref)),
        }
    }

    /// The hook that `sys` has at the start. `args` is an `UnraisableHookArgs`.
    pub fn default_unraisable_hook(self, args: &Object) -> PyResult<()> {
        if HOOK_ARGS.peek().is_none_or(|ty| !args.is_exact(ty)) {
            return Err(self.type_error("sys.unraisablehook argument type must be UnraisableHookArgs"));
        }
        if let [ty, value, traceback, message, object] = structseq::all_fields(args) {
            let report = Report {
                ty: ty.clone(),
                value: value.clone(),
                traceback: traceback.clone(),
                message: message.clone(),
                object: object.clone(),
            };
            self.default_report(&report);
        }
        Ok(())
    }

    fn default_report(self, report: &Report) {
        let Some(file) = self.stderr() else { return };
        let mut text = StrBuilder::new();
        if !self.is_none(&report.object) {
            if self.is_none(&report.message) {
                text.push_str("Exception ignored in: ");
            } else {
                self.push_str_of(&mut text, &report.message, "");
                text.push_str(": ");
            }
            match self.repr(&report.object) {
                Ok(shown) => text.push_obj(&shown),
                Err(raised) => {
                    self.clear_exception(raised);
                    text.push_str("<object repr() failed>");
                }
            }
            text.push_char('\n');
        } else if !self.is_none(&report.message) {
            self.push_str_of(&mut text, &report.message, "");
            text.push_str(":\n");
        }
        if !self.is_none(&report.traceback) {
            super::print_exception::push_traceback(self, &mut text, &report.traceback);
        }
        if self.is_none(&report.ty) {
            return self.write_built(&file, text);
        }
        super::print_exception::push_type_name(self, &mut text, &report.ty);
        if !self.is_none(&report.value) {
            text.push_str(": ");
            self.push_str_of(&mut text, &report.value, "<exception str() failed>");
        }
        text.push_char('\n');
        self.write_built(&file, text);
    }

    /// Appends `str(object)`, or `otherwise` when that raises.
    pub(super) fn push_str_of(self, text: &mut StrBuilder, object: &Object, otherwise: &str) {
        match self.str(object) {
            Ok(shown) => text.push_obj(&shown),
            Err(raised) => {
                self.clear_exception(raised);
                text.push_str(otherwise);
            }
        }
    }
}

use crate::memory::Layout as _;
