//! Calling a slot from Python: what a slot wrapper (`int.__add__`) does with its arguments.

use super::slotdefs::SlotDef;
use crate::memory::{Object, Ref};
use crate::objects::slots::*;
use crate::objects::{PyResult, StrObject, TypeFlags, TypeObject, exceptions};
use crate::vm::Ctx;

/// How a slot of one shape is called with Python arguments (CPython's `wrap_*` functions).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrap {
    Unary,
    Binary,
    BinaryLeft,
    BinaryRight,
    Ternary,
    TernaryRight,
    Inquiry,
    Len,
    Hash,
    Call,
    Init,
    GetAttr,
    SetAttr,
    DelAttr,
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
    Next,
    DescrGet,
    DescrSet,
    DescrDelete,
    Del,
    SetItem,
    DelItem,
    SizeArg,
    SequenceItem,
    SequenceSetItem,
    SequenceDelItem,
    ObjObj,
}

fn expect<const N: usize>(cx: Ctx, args: &[Ref]) -> PyResult<&[Ref; N]> {
    args.try_into().map_err(|_| {
        let plural = if N == 1 { "" } else { "s" };
        cx.type_error(format!("expected {N} argument{plural}, got {}", args.len()))
    })
}

fn expect_range(cx: Ctx, args: &[Ref], min: usize, max: usize) -> PyResult<()> {
    crate::objects::args::check_count(cx, "", args, min, max)
}

fn name_of(cx: Ctx, name: &Object) -> PyResult<&StrObject> {
    name.downcast::<StrObject>()
        .ok_or_else(|| cx.type_error(format!("attribute name must be string, not '{}'", name.ty().tp_name())))
}

/// The address of code as a slot function.
///
/// # Safety
/// `code` is the address of a function of type `F`.
unsafe fn as_slot<F: Copy>(code: usize) -> F {
    const { assert!(size_of::<F>() == size_of::<usize>()) };
    // SAFETY: promised by the caller; a function pointer is one word.
    unsafe { std::mem::transmute_copy::<usize, F>(&code) }
}

/// An index argument; negative ones count from the end where the length is known.
fn index_of(cx: Ctx, this: &Object, index: &Object) -> PyResult<isize> {
    let mut value = cx.index_sized(index, exceptions().overflow_error)?;
    if value < 0
        && let Some(length) = this.ty().slots().sq_length
    {
        value += length(cx, this)? as isize;
    }
    Ok(value)
}

/// Keeps `object.__setattr__` from being applied to something that has a stricter one below
/// (`hackcheck`, after the trick it was made against).
fn check_setattr(cx: Ctx, this: &Object, code: usize, what: &str) -> PyResult<()> {
    let ty = this.ty();
    // The most derived type, walking away from `object`, that a class statement did not make.
    let mut base: Option<&TypeObject> = Some(ty);
    let mut reached = false;
    while let Some(class) = base {
        if class.slots().raw(std::mem::offset_of!(Slots, setattro)) == code {
            reached = true;
            break;
        }
        if !class.has_flag(TypeFlags::HEAPTYPE) && class.slots().setattro.is_some() {
            break;
        }
        base = class.base.peek();
    }
    if reached {
        return Ok(());
    }
    Err(cx.type_error(format!("can't apply this {what} to {} object", ty.tp_name())))
}

/// Calls the slot function at `code` on `this`.
///
/// The callers (wrapper descriptors and method-wrappers) took `code` from the field that `def`
/// names, so it has the type that `def.wrap` stands for.
pub fn call_wrapped(cx: Ctx, def: &SlotDef, code: usize, this: &Object, args: Args<'_>) -> PyResult {
    let Some(wrap) = def.wrap else {
        return Err(cx.type_error(format!("{} cannot be called", def.name)));
    };
    if args.has_keywords() && !matches!(wrap, Wrap::Call | Wrap::Init) {
        return Err(cx.type_error(format!("wrapper {}() takes no keyword arguments", def.name)));
    }
    let pos = args.pos();
    let none = crate::objects::singletons::none();
    let given = |value: Option<&Ref>| value.filter(|value| !cx.is_none(value)).cloned();
    // SAFETY: each arm names the type of the field that `wrap` belongs to in the table, and
    // `code` came from that field.
    unsafe {
        match wrap {
            Wrap::Unary => {
                let [] = expect::<0>(cx, pos)?;
                as_slot::<UnaryFn>(code)(cx, this)
            }
            Wrap::Binary | Wrap::BinaryLeft => {
                let [other] = expect::<1>(cx, pos)?;
                as_slot::<BinaryFn>(code)(cx, this, other)
            }
            Wrap::BinaryRight => {
                let [other] = expect::<1>(cx, pos)?;
                as_slot::<BinaryFn>(code)(cx, other, this)
            }
            Wrap::Ternary => {
                expect_range(cx, pos, 1, 2)?;
                as_slot::<TernaryFn>(code)(cx, this, &pos[0], pos.get(1).unwrap_or(none))
            }
            Wrap::TernaryRight => {
                expect_range(cx, pos, 1, 2)?;
                as_slot::<TernaryFn>(code)(cx, &pos[0], this, pos.get(1).unwrap_or(none))
            }
            Wrap::Inquiry => {
                let [] = expect::<0>(cx, pos)?;
                Ok(cx.bool(as_slot::<InquiryFn>(code)(cx, this)?))
            }
            Wrap::Len => {
                let [] = expect::<0>(cx, pos)?;
                Ok(cx.new_uint(as_slot::<LenFn>(code)(cx, this)?))
            }
            Wrap::Hash => {
                let [] = expect::<0>(cx, pos)?;
                Ok(cx.new_int(as_slot::<HashFn>(code)(cx, this)?))
            }
            // The caller's tuple goes on as it is.
            Wrap::Call if code == super::call as *const () as usize => super::call_held(cx, this, args),
            Wrap::Call => as_slot::<CallFn>(code)(cx, this, args),
            Wrap::Init => {
                as_slot::<InitFn>(code)(cx, this, args)?;
                Ok(cx.none())
            }
            Wrap::GetAttr => {
                let [name] = expect::<1>(cx, pos)?;
                as_slot::<GetAttrFn>(code)(cx, this, name_of(cx, name)?)
            }
            Wrap::SetAttr => {
                expect_range(cx, pos, 2, 2)?;
                check_setattr(cx, this, code, "__setattr__")?;
                as_slot::<SetAttrFn>(code)(cx, this, name_of(cx, &pos[0])?, Some(&pos[1]))?;
                Ok(cx.none())
            }
            Wrap::DelAttr => {
                let [name] = expect::<1>(cx, pos)?;
                check_setattr(cx, this, code, "__delattr__")?;
                as_slot::<SetAttrFn>(code)(cx, this, name_of(cx, name)?, None)?;
                Ok(cx.none())
            }
            Wrap::Lt | Wrap::Le | Wrap::Eq | Wrap::Ne | Wrap::Gt | Wrap::Ge => {
                let [other] = expect::<1>(cx, pos)?;
                let op = match wrap {
                    Wrap::Lt => CompareOp::Lt,
                    Wrap::Le => CompareOp::Le,
                    Wrap::Eq => CompareOp::Eq,
                    Wrap::Ne => CompareOp::Ne,
                    Wrap::Gt => CompareOp::Gt,
                    _ => CompareOp::Ge,
                };
                as_slot::<CompareFn>(code)(cx, this, other, op)
            }
            Wrap::Next => {
                let [] = expect::<0>(cx, pos)?;
                match as_slot::<NextFn>(code)(cx, this)? {
                    Some(item) => Ok(item),
                    None => {
                        Err(cx
                            .raise_with(exceptions().stop_iteration, cx.new_tuple(Vec::new()).into_object()))
                    }
                }
            }
            Wrap::DescrGet => {
                expect_range(cx, pos, 1, 2)?;
                let (instance, owner) = (given(pos.first()), given(pos.get(1)));
                if instance.is_none() && owner.is_none() {
                    return Err(cx.type_error("__get__(None, None) is invalid"));
                }
                as_slot::<DescrGetFn>(code)(cx, this, instance.as_deref(), owner.as_deref())
            }
            Wrap::DescrSet => {
                expect_range(cx, pos, 2, 2)?;
                as_slot::<DescrSetFn>(code)(cx, this, &pos[0], Some(&pos[1]))?;
                Ok(cx.none())
            }
            Wrap::DescrDelete => {
                let [instance] = expect::<1>(cx, pos)?;
                as_slot::<DescrSetFn>(code)(cx, this, instance, None)?;
                Ok(cx.none())
            }
            Wrap::Del => {
                let [] = expect::<0>(cx, pos)?;
                as_slot::<fn(&Object)>(code)(this);
                Ok(cx.none())
            }
            Wrap::SetItem => {
                expect_range(cx, pos, 2, 2)?;
                as_slot::<SetItemFn>(code)(cx, this, &pos[0], Some(&pos[1]))?;
                Ok(cx.none())
            }
            Wrap::DelItem => {
                let [key] = expect::<1>(cx, pos)?;
                as_slot::<SetItemFn>(code)(cx, this, key, None)?;
                Ok(cx.none())
            }
            Wrap::SizeArg => {
                let [count] = expect::<1>(cx, pos)?;
                let count = cx.index_sized(count, exceptions().overflow_error)?;
                as_slot::<SizeArgFn>(code)(cx, this, count)
            }
            Wrap::SequenceItem => {
                let [index] = expect::<1>(cx, pos)?;
                let index = index_of(cx, this, index)?;
                as_slot::<SizeArgFn>(code)(cx, this, index)
            }
            Wrap::SequenceSetItem => {
                expect_range(cx, pos, 2, 2)?;
                let index = index_of(cx, this, &pos[0])?;
                as_slot::<SizeObjFn>(code)(cx, this, index, Some(&pos[1]))?;
                Ok(cx.none())
            }
            Wrap::SequenceDelItem => {
                let [index] = expect::<1>(cx, pos)?;
                let index = index_of(cx, this, index)?;
                as_slot::<SizeObjFn>(code)(cx, this, index, None)?;
                Ok(cx.none())
            }
            Wrap::ObjObj => {
                let [item] = expect::<1>(cx, pos)?;
                Ok(cx.bool(as_slot::<ObjObjFn>(code)(cx, this, item)?))
            }
        }
    }
}
