# Comparisons, hashes, reprs and finalizers that change the containers they are called from: nothing may crash.
# (The reference itself may crash here, so what is expected is only that the end is reached.)
import gc, sys
# adversarial: callbacks that mutate containers in the middle of operations
seed=4711
def rnd(n):
    global seed
    seed=(seed*1103515245+12345)&0x7fffffff
    return (seed>>8)%n
class Evil:
    def __init__(s,v): s.v=v
    def _do(s):
        k=rnd(12)
        t=targets[rnd(len(targets))]
        try:
            if isinstance(t,list):
                if k==0: t.clear()
                elif k==1: t.append(Evil(rnd(5)))
                elif k==2 and t: t.pop()
                elif k==3: t[:]=[Evil(1)]*3
                elif k==4 and t: del t[0]
                elif k==5: t.extend([1,2,3]*5)
            elif isinstance(t,dict):
                if k==0: t.clear()
                elif k==1: t[rnd(50)]=Evil(1)
                elif k==2 and t: t.popitem()
                elif k==3: t.update({i:i for i in range(rnd(40))})
                elif k==4: t[Evil(rnd(3))]=1
            else:
                if k==0: t.clear()
                elif k==1: t.add(rnd(50))
                elif k==2 and t: t.pop()
                elif k==3: t.update(range(rnd(40)))
                elif k==4: t.add(Evil(rnd(3)))
            if k==9: gc.collect()
        except RecursionError: pass
    def __eq__(s,o): s._do(); return rnd(3)==0
    def __lt__(s,o): s._do(); return rnd(2)==0
    def __hash__(s): return s.v
    def __repr__(s): s._do(); return 'E'
    def __del__(s): s._do() if rnd(4)==0 else None
L1=[]; L2=[]; D1={}; D2={}; S1=set(); S2=set()
targets=[L1,L2,D1,D2,S1,S2]
depth=0
def op():
    global L1
    k=rnd(40)
    if k==0: L1.sort()
    elif k==1: L1.index(Evil(1))
    elif k==2: L1.count(Evil(1))
    elif k==3: L1.remove(Evil(1))
    elif k==4: L1==L2
    elif k==5: L1<L2
    elif k==6: repr(L1)
    elif k==7: repr(D1)
    elif k==8: repr(S1)
    elif k==9: D1==D2
    elif k==10: D1[Evil(rnd(3))]=Evil(rnd(5))
    elif k==11: D1.pop(Evil(rnd(3)),None)
    elif k==12: D1.get(Evil(1))
    elif k==13: D1.setdefault(Evil(1),5)
    elif k==14: D1.update(D2)
    elif k==15: D1|D2
    elif k==16: S1|S2
    elif k==17: S1&S2
    elif k==18: S1-S2
    elif k==19: S1^S2
    elif k==20: S1.update(S2)
    elif k==21: S1.intersection_update(S2)
    elif k==22: S1.difference_update(S2)
    elif k==23: S1.symmetric_difference_update(S2)
    elif k==24: Evil(1) in S1
    elif k==25: S1.discard(Evil(1))
    elif k==26: S1==S2
    elif k==27: L1[:]=L2
    elif k==28: L1[::2]=[Evil(0)]*len(L1[::2])
    elif k==29: del L1[::2]
    elif k==30: list(zip(L1,D1,S1))
    elif k==31: [x for x in D1.items()]
    elif k==32: sorted(L1,key=lambda x:x)
    elif k==33: L1.extend(x for x in L2)
    elif k==34: tuple(L1)==tuple(L2)
    elif k==35: D1.keys()&D2.keys()
    elif k==36: D1.items()==D2.items()
    elif k==37: L1.insert(2,Evil(1)); L1*=2 if len(L1)<50 else 1
    elif k==38: max(L1,default=0); min(L1,default=0)
    elif k==39: D1.copy(); S1.copy(); dict.fromkeys(L1)
    if len(L1)>300: L1.clear()
    if len(L2)>300: L2.clear()
for i in range(2500):
    try: op()
    except (ValueError,RuntimeError,TypeError,KeyError,IndexError,RecursionError) as e: pass
targets.clear(); targets.append([])
print('survived')
