//! The second pass: resolves the names of nested scopes against each other, from the outside in
//! for what is bound, from the inside out for what is free.

use rustc_hash::FxHashSet;

use super::*;

type Names = FxHashSet<Identifier>;

pub(super) fn analyze(table: &mut SymbolTable, source: &Source<'_>) -> Result<(), SyntaxError> {
    let mut free = Names::default();
    let mut global = Names::default();
    scope(table, source, 0, None, &mut free, &mut global)
}

/// Resolves one scope and all within. `bound` holds the names of enclosing functions, `global`
/// those that an enclosing function declares global; `free` receives what is left open.
fn scope(
    table: &mut SymbolTable,
    source: &Source<'_>,
    at: usize,
    bound: Option<&Names>,
    free: &mut Names,
    global: &mut Names,
) -> Result<(), SyntaxError> {
    let kind = table.scopes[at].kind;
    let mut new_bound = Names::default();
    let mut new_global = Names::default();
    let mut new_free = Names::default();
    let mut local = Names::default();
    // A class body's own names are not seen by its methods, so they are left out of `new_bound`.
    if kind == ScopeKind::Class {
        new_global.extend(global.iter().cloned());
        new_bound.extend(bound.into_iter().flatten().cloned());
    }
    let mut own_bound = bound.cloned();
    for index in 0..table.scopes[at].symbols.len() {
        let (name, flags) = {
            let symbol = &table.scopes[at].symbols[index];
            (symbol.name.clone(), symbol.flags)
        };
        let place = resolve(
            &mut table.scopes[at],
            source,
            &name,
            flags,
            own_bound.as_mut(),
            &mut local,
            free,
            global,
        )?;
        table.scopes[at].symbols[index].place = Some(place);
    }
    if kind == ScopeKind::Class {
        new_bound.insert("__class__".into());
    } else {
        if kind == ScopeKind::Function {
            new_bound.extend(local.iter().cloned());
        }
        new_bound.extend(own_bound.iter().flatten().cloned());
        new_global.extend(global.iter().cloned());
    }
    let children = table.scopes[at].children.clone();
    for child in children {
        let mut child_free = Names::default();
        let mut child_global = new_global.clone();
        scope(table, source, child, Some(&new_bound), &mut child_free, &mut child_global)?;
        new_free.extend(child_free);
        let child = &table.scopes[child];
        if child.free || child.child_free {
            table.scopes[at].child_free = true;
        }
    }
    match kind {
        ScopeKind::Function => {
            // What children leave open and this function binds lives in a cell.
            for symbol in &mut table.scopes[at].symbols {
                if symbol.place == Some(Place::Local) && new_free.remove(&symbol.name) {
                    symbol.place = Some(Place::Cell);
                }
            }
        }
        ScopeKind::Class if new_free.remove("__class__") => table.scopes[at].needs_class_closure = true,
        _ => {}
    }
    hand_on(&mut table.scopes[at], own_bound.as_ref(), &new_free);
    free.extend(new_free);
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "the sets of one scope, used nowhere else")]
fn resolve(
    scope: &mut Scope,
    source: &Source<'_>,
    name: &Identifier,
    flags: Flags,
    bound: Option<&mut Names>,
    local: &mut Names,
    free: &mut Names,
    global: &mut Names,
) -> Result<Place, SyntaxError> {
    let directive = |scope: &Scope| {
        scope.directives.iter().find(|(declared, _)| declared == name).map_or(scope.loc, |&(_, loc)| loc)
    };
    if flags & DEF_GLOBAL != 0 {
        if flags & DEF_NONLOCAL != 0 {
            return Err(source.error(directive(scope), format!("name '{name}' is nonlocal and global")));
        }
        global.insert(name.clone());
        if let Some(bound) = bound {
            bound.remove(name);
        }
        return Ok(Place::GlobalExplicit);
    }
    if flags & DEF_NONLOCAL != 0 {
        let Some(bound) = bound else {
            return Err(source.error(directive(scope), "nonlocal declaration not allowed at module level"));
        };
        if !bound.contains(name) {
            return Err(source.error(directive(scope), format!("no binding for nonlocal '{name}' found")));
        }
        scope.free = true;
        free.insert(name.clone());
        return Ok(Place::Free);
    }
    if flags & DEF_BOUND != 0 {
        local.insert(name.clone());
        global.remove(name);
        return Ok(Place::Local);
    }
    if bound.is_some_and(|bound| bound.contains(name)) {
        scope.free = true;
        free.insert(name.clone());
        return Ok(Place::Free);
    }
    if !global.contains(name) && scope.nested {
        scope.free = true;
    }
    Ok(Place::GlobalImplicit)
}

/// Enters the free names of the children, so that this scope passes them on.
fn hand_on(scope: &mut Scope, bound: Option<&Names>, free: &Names) {
    let class = scope.kind == ScopeKind::Class;
    let mut names: Vec<&Identifier> = free.iter().collect();
    names.sort();
    for name in names {
        if let Some(&at) = scope.index.get(name) {
            // A class may bind the name itself and still hand on the outer one.
            if class && scope.symbols[at].flags & (DEF_BOUND | DEF_GLOBAL) != 0 {
                scope.symbols[at].flags |= DEF_FREE_CLASS;
            }
            continue;
        }
        if bound.is_some_and(|bound| !bound.contains(name)) {
            continue;
        }
        scope.entry(name).place = Some(Place::Free);
    }
}
