# itertools: what comes out, state and sizes.
from itertools import *
print(list(product('ab',range(2))), list(product('ab',repeat=2)), list(product()))
print(list(permutations('abc',2)), list(permutations(range(3))), list(permutations([],0)), list(permutations([1],2)))
print(list(combinations('abcd',2)), list(combinations('ab',0)), list(combinations_with_replacement('abc',2)), list(combinations_with_replacement('',1)))
print(list(accumulate([1,2,3])), list(accumulate([1,2,3],lambda a,b:a*b)), list(accumulate([],initial=1)))
print(list(chain('ab','cd')), list(chain.from_iterable(['ab','c'])), list(compress('abc',[1,0,1])))
print(list(dropwhile(lambda x:x<3,[1,5,2])), list(takewhile(lambda x:x<3,[1,5,2])), list(filterfalse(lambda x:x%2,range(5))))
print([(k,list(g)) for k,g in groupby('aabbc')], [(k,list(g)) for k,g in groupby(range(6),lambda x:x//2)])
print(list(islice('abcdef',2)), list(islice('abcdef',2,4)), list(islice('abcdef',1,None,2)), list(islice('abc',None)), list(pairwise('abcd')))
print(list(starmap(pow,[(2,3),(3,2)])), list(zip_longest('ab','c',fillvalue='-')), list(repeat(1,3)), list(islice(cycle('ab'),5)), list(islice(count(5,2),3)), list(islice(count(1.5),2)))
a,b=tee([1,2,3]); print(list(a),list(b)); a,b,c=tee(range(200),3); print(sum(a),sum(b),list(c)[-1])
ids=set()
for p in permutations(range(4)): ids.add(id(p))
print(len(ids)); l=list(combinations(range(4),2)); print(l)
g=groupby('aab'); k1,g1=next(g); k2,g2=next(g); print(list(g1), list(g2))
c=count(); next(c); print(c, repr(repeat(5)), repr(repeat('a',2)))
p=product([1,2],[3]); p.__setstate__((1,0)); print(list(p)); p=permutations([1,2,3]); next(p); s=p.__reduce__(); q=s[0](*s[1]); q.__setstate__(s[2]); print(list(q))
p=combinations([1,2,3],2); next(p); s=p.__reduce__(); q=s[0](*s[1]); q.__setstate__(s[2]); print(list(q))
z=cycle([1,2,3]); next(z); s=z.__reduce__(); q=s[0](*s[1]); q.__setstate__(s[2]); print(list(islice(q,7)))
i=islice('abcdef',1,5,2); next(i); s=i.__reduce__(); print(s[1][1:], s[2])
import sys
print([sys.getsizeof(x) for x in (product([1],[2]), permutations([1,2,3],2), combinations([1,2,3],2), count(), repeat(1), cycle([]), chain(), groupby([]), tee([])[0])])
for t in (count,cycle,repeat,accumulate,chain,compress,dropwhile,takewhile,islice,starmap,filterfalse,zip_longest,pairwise,permutations,product,combinations,combinations_with_replacement,groupby): print(t, t.__basicsize__, hex(t.__flags__), t.__module__, t.__text_signature__)
class X:
    def __iter__(s): return s
    def __next__(s): raise ValueError('x')
for f in (lambda:list(chain([1],X())), lambda:list(zip_longest([1],X())), lambda:list(islice(X(),2)), lambda:list(accumulate(X())), lambda:list(groupby(X())), lambda:list(tee(X())[0]), lambda:list(pairwise(X())), lambda: list(cycle(X())), lambda:list(product(X()))):
    try: f()
    except ValueError as e: print(e)
