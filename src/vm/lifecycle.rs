//! Start-up and shutdown of the interpreter.
//!
//! Shutdown follows CPython 3.11's order: exit functions, a last collection, special attributes of
//! `sys`, modules out of `sys.modules`, a collection, the dicts of what is left in reverse order of
//! import, then `sys` and `builtins` themselves. Finalizers run and print until the end of that.

use super::Ctx;
use super::state::{self, Options};
use crate::memory::{HeapGuard, Layout, Object, Ref, Slot};
use crate::objects::module::ModuleObject;
use crate::objects::{DictObject, PyResult, StrObject, exceptions, names, types};

/// A live interpreter. One exists at a time in a process; it belongs to the thread that made it.
pub struct Interpreter {
    cx: Ctx,
    finished: bool,
    /// Declared last: the heap goes after everything that lives in it.
    _heap: HeapGuard,
}

/// `gc.get_count()` when the first line of a program runs under CPython 3.11.7, less what our own
/// way there still allocates: when the first automatic collection comes is visible.
const COUNTS_AT_START: [i32; 3] = [229, 0, 2];

/// Bytes of native stack that are left alone, for natives that do not count their recursion.
const STACK_RESERVE: usize = 512 * 1024;

/// Bytes above the variables of [`Interpreter::start`] in which those of its caller lie, who runs the program.
const STACK_MARGIN: usize = 4096;

impl Interpreter {
    /// Starts an interpreter on this thread: types, `sys`, `builtins`, `__main__`.
    ///
    /// `stack_size` is the size of this thread's native stack in bytes.
    ///
    /// # Errors
    /// A description of what could not be set up.
    pub fn start(options: Options, stack_size: usize) -> Result<Interpreter, String> {
        let heap = crate::memory::Heap::acquire();
        crate::memory::heap::set_limit(options.memory_limit);
        // SAFETY: the heap guard is held, so there is no other interpreter.
        let cx = unsafe { state::install(options) };
        let here = &raw const stack_size as usize;
        cx.vm().native_base.set(here + STACK_MARGIN);
        cx.vm().native_stack_limit.set(here.saturating_sub(stack_size.saturating_sub(STACK_RESERVE)));
        crate::objects::type_::ready::make_builtin_types(cx);
        super::host::install();
        let interpreter = Interpreter { cx, finished: false, _heap: heap };
        // A program begins when its own code has been made, see `run_source`; a session begins now.
        let begin = || if cx.vm().options.borrow().interactive { begin_program(cx) } else { Ok(()) };
        match interpreter.make_modules().and_then(|()| begin()) {
            Ok(()) => Ok(interpreter),
            Err(raised) => {
                let error = cx.take_exception(raised);
                Err(cx.repr_text(error.as_object()).unwrap_or_else(|raised| {
                    cx.clear_exception(raised);
                    "the interpreter could not start".to_string()
                }))
            }
        }
    }

    /// Access to the interpreter.
    pub fn cx(&self) -> Ctx {
        self.cx
    }

    /// The dict of `__main__`.
    pub fn main_dict(&self) -> Ref<DictObject> {
        self.cx.vm().main.get().unwrap_or_else(|| self.cx.new_dict())
    }

    fn make_modules(&self) -> PyResult<()> {
        let cx = self.cx;
        let vm = cx.vm();
        vm.spare_memory_error.set(Some(cx.call0(exceptions().memory_error.as_object())?));
        let modules = cx.new_dict();
        vm.modules.set(Some(modules.clone()));
        for name in ["sys", "builtins"] {
            let Some(spec) = crate::stdlib::find(name) else {
                return Err(cx.system_error(format_args!("module {name} is missing")));
            };
            let module = crate::objects::module::new_native_module(cx, spec)?;
            modules.set_str(cx, &cx.intern(name), module.to_object())?;
            let slot = if name == "sys" { &vm.sys_dict } else { &vm.builtins };
            slot.set(module.dict.get());
        }
        if let Some(sys) = vm.sys_dict.get() {
            sys.set_str(cx, &names().modules, modules.to_object())?;
        }
        self.make_exception_group()?;
        super::module_spec::make_types(cx)?;
        if crate::era::is_classic() {
            return self.make_classic_modules(&modules);
        }
        for name in ["sys", "builtins"] {
            let module = modules.get_str(cx, &cx.intern(name));
            if let Some(module) = module.as_ref().and_then(|module| module.downcast::<ModuleObject>()) {
                super::module_spec::describe_native(cx, module, name)?;
            }
        }
        crate::stdlib::init_streams(cx)?;
        crate::stdlib::site::init(cx)?;
        let main = crate::objects::module::new_module(cx, &names().main)?;
        let dict = main.dict.get().unwrap_or_else(|| cx.new_dict());
        let builtins = modules.get_str(cx, &names().builtins_module);
        dict.set_str(cx, &cx.intern("__annotations__"), cx.new_dict().into_object())?;
        dict.set_str(cx, &names().builtins, builtins.unwrap_or_else(|| cx.none()))?;
        dict.set_str(cx, &names().loader, super::module_spec::loader_of_main(cx, None)?)?;
        modules.set_str(cx, &names().main, main.to_object())?;
        vm.main.set(Some(dict));
        Ok(())
    }

    /// The classic era's part: its types, what the modules have there, and its `__main__`.
    fn make_classic_modules(&self, modules: &DictObject) -> PyResult<()> {
        let cx = self.cx;
        crate::objects::classic::init(cx)?;
        let builtin = modules.get_str(cx, &cx.intern("builtins")).unwrap_or_else(|| cx.none());
        modules.set_str(cx, &cx.intern("__builtin__"), builtin.clone())?;
        crate::stdlib::classic::init(cx)?;
        let main = crate::objects::module::new_module(cx, &names().main)?;
        let dict = cx.new_dict();
        main.dict.set(Some(dict.clone()));
        dict.set_str(cx, &names().name, names().main.to_object())?;
        dict.set_str(cx, &names().doc, cx.none())?;
        dict.set_str(cx, &names().package, cx.none())?;
        dict.set_str(cx, &names().builtins, builtin)?;
        modules.set_str(cx, &names().main, main.to_object())?;
        self.cx.vm().main.set(Some(dict));
        Ok(())
    }

    /// `ExceptionGroup(BaseExceptionGroup, Exception)` is a class made by `type()`.
    fn make_exception_group(&self) -> PyResult<()> {
        let cx = self.cx;
        let e = exceptions();
        let bases = cx.new_tuple(vec![e.base_exception_group.to_object(), e.exception.to_object()]);
        let namespace = cx.new_dict();
        namespace.set_str(cx, &names().module, names().builtins_module.to_object())?;
        let name = cx.intern("ExceptionGroup");
        let class = cx.call(
            types().type_.as_object(),
            &[name.to_object(), bases.into_object(), namespace.into_object()],
        )?;
        if let Some(builtins) = cx.vm().builtins.get() {
            builtins.set_str(cx, &name, class.clone())?;
        }
        cx.vm().exception_group.set(Some(class));
        Ok(())
    }

    /// Shuts down: nothing of Python is left afterwards but what is listed with its reason.
    /// Exit functions and finalizers run; what they raise is reported.
    /// False when buffered output could not be written: the exit status is 120 then.
    pub fn finish(self) -> bool {
        self.finish_and(|| ())
    }

    /// As [`Interpreter::finish`]; `look` sees what is left before the heap goes, too.
    pub fn finish_and(mut self, look: impl FnOnce()) -> bool {
        let written = self.finish_in_place();
        look();
        written
    }

    fn finish_in_place(&mut self) -> bool {
        if std::mem::replace(&mut self.finished, true) {
            return true;
        }
        let cx = self.cx;
        let vm = cx.vm();
        crate::stdlib::run_exit_functions(cx);
        let mut written = flush_streams(cx);
        vm.finalizing.set(true);
        // As `PyGC_Collect`: a program that has switched the collector off is spared this one.
        if crate::era::is_classic() {
            // Python 2.7 does not ask.
            crate::memory::gc::collect(crate::memory::gc::state::GENERATIONS - 1);
        } else {
            crate::memory::gc::collect_if_enabled();
        }
        drop(vm.main.take());
        if let Err(raised) = finalize_modules(cx) {
            cx.write_unraisable(raised, Some("in module teardown"), None);
        }
        written &= flush_streams(cx);
        drop(vm.sys_dict.take());
        drop(vm.builtins.take());
        drop(vm.modules.take());
        drop(vm.atexit.take());
        drop(vm.exception_group.take());
        drop(vm.spare_memory_error.take());
        // What native modules hold under a name: `gc.garbage`, codecs, warning filters.
        let roots = vm.named_roots.take();
        drop(roots);
        crate::stdlib::io::forget_table();
        crate::memory::gc::collect_at_exit();
        if let Some(observer) = vm.observer.take() {
            drop(observer);
        }
        written
    }
}

/// Brings the collector and the free lists to where CPython's start-up leaves them, right before the first line of
/// a program or session runs. What exists by then counts as old.
///
/// # Errors
/// Out of memory.
pub fn begin_program(cx: Ctx) -> PyResult<()> {
    warm_free_lists(cx)?;
    let counts = if crate::era::is_classic() { CLASSIC_COUNTS_AT_START } else { COUNTS_AT_START };
    crate::memory::gc::state::begin_program(counts);
    Ok(())
}

/// The same for CPython 2.7.18.
const CLASSIC_COUNTS_AT_START: [i32; 3] = [511, 8, 0];
const CLASSIC_FREE_TUPLES: [usize; 20] = [0, 60, 1, 2, 3, 0, 1, 2, 1, 3, 2, 1, 0, 1, 0, 2, 1, 1, 3, 0];
const CLASSIC_FREE_LISTS: usize = 8;
const CLASSIC_FREE_DICTS: usize = 23;
const CLASSIC_FREE_METHODS: usize = 5;

/// Free tuples of each length from 1 to 20 that CPython 3.11.7's start-up leaves behind.
const FREE_TUPLES: [usize; 20] = [4, 8, 2, 2, 3, 0, 8, 6, 1, 0, 1, 3, 5, 1, 2, 2, 2, 3, 1, 6];
/// And free lists, dicts and floats.
const FREE_LISTS: usize = 40;
const FREE_DICTS: usize = 18;
const FREE_FLOATS: usize = 4;

/// Leaves as many objects on the free lists as CPython's start-up does. A program sees them: what comes from a free
/// list does not move `gc.get_count()`, so that the first `[]` of a script counts 0.
fn warm_free_lists(cx: Ctx) -> PyResult<()> {
    let classic = crate::era::is_classic();
    let (lists, dicts) =
        if classic { (CLASSIC_FREE_LISTS, CLASSIC_FREE_DICTS) } else { (FREE_LISTS, FREE_DICTS) };
    let lists = (0..lists).map(|_| cx.new_list(Vec::new())).collect::<PyResult<Vec<_>>>()?;
    let dicts: Vec<_> = (0..dicts).map(|_| cx.new_dict()).collect();
    let floats: Vec<_> = (0..FREE_FLOATS).map(|_| cx.new_float(0.5)).collect();
    let mut tuples = Vec::new();
    if classic {
        // What our own way to this point has left is no part of it.
        crate::memory::free_list::clear_all();
    }
    for (length, count) in (1..).zip(if classic { CLASSIC_FREE_TUPLES } else { FREE_TUPLES }) {
        tuples.extend((0..count).map(|_| cx.new_tuple(vec![cx.none(); length])));
    }
    if classic {
        let methods: Vec<_> = (0..CLASSIC_FREE_METHODS)
            .map(|_| crate::objects::method::new_method(cx, cx.none(), cx.none()))
            .collect();
        drop(methods);
    }
    drop((lists, dicts, floats, tuples));
    Ok(())
}

impl Drop for Interpreter {
    fn drop(&mut self) {
        self.finish_in_place();
        crate::objects::forget_all();
    }
}

/// Flushes `sys.stdout` and `sys.stderr` (`flush_std_files`). False when one of them could not be.
pub fn flush_streams(cx: Ctx) -> bool {
    let Some(sys) = cx.vm().sys_dict.get() else { return true };
    let mut written = true;
    for name in [&names().stdout, &names().stderr] {
        let Some(stream) = sys.get_str(cx, name).filter(|s| !cx.is_none(s)) else { continue };
        let closed = cx.get_attr_opt(&stream, &cx.intern("closed")).and_then(|closed| match closed {
            Some(closed) => cx.is_true(&closed),
            None => Ok(false),
        });
        let closed = closed.unwrap_or_else(|raised| {
            cx.clear_exception(raised);
            false
        });
        if closed {
            continue;
        }
        if let Err(raised) = cx.call_method(&stream, &names().flush, &[]) {
            written = false;
            if name.eq_str("stdout") {
                cx.write_unraisable(raised, None, Some(&stream));
            } else {
                cx.clear_exception(raised);
            }
        }
    }
    written
}

/// `finalize_modules`.
fn finalize_modules(cx: Ctx) -> PyResult<()> {
    let vm = cx.vm();
    let Some(modules) = vm.modules.get() else { return Ok(()) };
    delete_special(cx)?;
    if crate::era::is_classic() {
        return finalize_classic(cx, &modules);
    }
    let left = remove_modules(cx, &modules)?;
    modules.clear(cx);
    crate::memory::gc::collect_at_exit();
    // What is still alive is emptied, last imported first.
    for reference in left.iter().rev() {
        let Some(module) = crate::memory::weakref::referent(reference) else { continue };
        let Some(module) = module.downcast::<ModuleObject>() else { continue };
        let Some(dict) = module.dict.get() else { continue };
        let is = |slot: &Slot<DictObject>| slot.peek().is_some_and(|d| std::ptr::eq(d, &*dict));
        if is(&vm.sys_dict) || is(&vm.builtins) {
            continue;
        }
        clear_dict(cx, &dict)?;
    }
    drop(left);
    if let Some(sys) = vm.sys_dict.get() {
        clear_dict(cx, &sys)?;
    }
    if let Some(builtins) = vm.builtins.get() {
        clear_dict(cx, &builtins)?;
    }
    Ok(())
}

/// `PyImport_Cleanup` of Python 2.7: `__main__` first, then modules that nobody else holds, then all others, `sys` and
/// `__builtin__` last. A module's dict is emptied, its names set to `None` in the order of the table.
fn finalize_classic(cx: Ctx, modules: &DictObject) -> PyResult<()> {
    let vm = cx.vm();
    for name in ["exitfunc", "exc_type", "exc_value", "exc_traceback", "flags", "float_info"] {
        if let Some(sys) = vm.sys_dict.get()
            && sys.get_str(cx, &cx.intern(name)).is_some()
        {
            sys.set_str(cx, &cx.intern(name), cx.none())?;
        }
    }
    let dict_of = |module: &Ref| module.downcast::<ModuleObject>().and_then(|module| module.dict.get());
    let is_last = |dict: &DictObject| {
        let same = |slot: &Slot<DictObject>| slot.peek().is_some_and(|d| std::ptr::eq(d, dict));
        same(&vm.sys_dict) || same(&vm.builtins)
    };
    if let Some(main) = modules.get_str(cx, &names().main) {
        if let Some(dict) = dict_of(&main) {
            clear_dict(cx, &dict)?;
        }
        modules.set_str(cx, &names().main, cx.none())?;
    }
    for only_unshared in [true, false] {
        loop {
            let mut done = 0;
            let mut position = 0;
            while let Some((name, module)) = modules.next_entry(&mut position) {
                let Some(dict) = dict_of(&module).filter(|dict| !is_last(dict)) else { continue };
                if only_unshared && module.refcount() > 2 {
                    continue;
                }
                clear_dict(cx, &dict)?;
                drop(module);
                modules.set(cx, &name, cx.none())?;
                done += 1;
            }
            if done == 0 {
                break;
            }
        }
    }
    flush_streams(cx);
    if let Some(sys) = vm.sys_dict.get() {
        clear_dict(cx, &sys)?;
    }
    if let Some(builtins) = vm.builtins.get() {
        clear_dict(cx, &builtins)?;
    }
    Ok(())
}

/// Common places where user values hide: emptied first, so that their finalizers still find a
/// working world.
fn delete_special(cx: Ctx) -> PyResult<()> {
    if let Some(builtins) = cx.vm().builtins.get() {
        builtins.set_str(cx, &names().underscore, cx.none())?;
    }
    let Some(sys) = cx.vm().sys_dict.get() else { return Ok(()) };
    for name in [
        "path",
        "argv",
        "ps1",
        "ps2",
        "last_type",
        "last_value",
        "last_traceback",
        "path_hooks",
        "path_importer_cache",
        "meta_path",
    ] {
        sys.set_str(cx, &cx.intern(name), cx.none())?;
    }
    for name in ["stdin", "stdout", "stderr"] {
        let original = sys.get_str(cx, &cx.intern(&format!("__{name}__"))).unwrap_or_else(|| cx.none());
        sys.set_str(cx, &cx.intern(name), original)?;
    }
    Ok(())
}

/// Takes every module out of `sys.modules`, keeping weak references in order.
fn remove_modules(cx: Ctx, modules: &DictObject) -> PyResult<Vec<Ref<crate::memory::weakref::WeakRefCore>>> {
    let mut left = Vec::new();
    for (name, module) in modules.to_vec() {
        if module.is_instance(types().module) {
            left.push(crate::objects::weakref::new_plain(cx, &module)?);
        }
        drop(module);
        modules.set(cx, &name, cx.none())?;
    }
    Ok(left)
}

/// `_PyModule_ClearDict`: names with one underscore in front first, then all others but
/// `__builtins__`. Values become `None`; the keys stay.
fn clear_dict(cx: Ctx, dict: &DictObject) -> PyResult<()> {
    let begins = |key: &Object| -> Option<(bool, bool)> {
        let text = key.downcast::<StrObject>()?;
        let at = |index: usize| (index < text.len()).then(|| text.code_point(index)) == Some(u32::from('_'));
        Some((at(0) && !at(1), !text.eq_str("__builtins__")))
    };
    for private in [true, false] {
        let mut position = 0;
        while let Some((key, value)) = dict.next_entry(&mut position) {
            if cx.is_none(&value) {
                continue;
            }
            drop(value);
            let Some((single, ordinary)) = begins(&key) else { continue };
            if if private { single } else { ordinary } {
                dict.set(cx, &key, cx.none())?;
            }
        }
    }
    Ok(())
}
