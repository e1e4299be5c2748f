package dev.holdfast.core.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A list that CEL's runtime takes as it is. Any other list it walks down to the leaves whenever it
 * meets it, which makes a loop that builds one quadratic.
 */
abstract class CelList extends CelValue implements List<Object>, RandomAccess {
  private final List<Object> view;

  /**
   * @param view read-only, its items values of CEL's
   */
  CelList(List<Object> view) {
    this.view = view;
  }

  @Override
  public Object value() {
    return this;
  }

  @Override
  public boolean isZeroValue() {
    return view.isEmpty();
  }

  @Override
  public CelType celType() {
    return ListType.create(SimpleType.DYN);
  }

  @Override
  public int size() {
    return view.size();
  }

  @Override
  public boolean isEmpty() {
    return view.isEmpty();
  }

  @Override
  public Object get(int index) {
    return view.get(index);
  }

  @Override
  public boolean contains(Object value) {
    return view.contains(value);
  }

  @Override
  public boolean containsAll(Collection<?> values) {
    return view.containsAll(values);
  }

  @Override
  public int indexOf(Object value) {
    return view.indexOf(value);
  }

  @Override
  public int lastIndexOf(Object value) {
    return view.lastIndexOf(value);
  }

  @Override
  public Iterator<Object> iterator() {
    return view.iterator();
  }

  @Override
  public ListIterator<Object> listIterator() {
    return view.listIterator();
  }

  @Override
  public ListIterator<Object> listIterator(int index) {
    return view.listIterator(index);
  }

  @Override
  public List<Object> subList(int from, int to) {
    return view.subList(from, to);
  }

  @Override
  public Object[] toArray() {
    return view.toArray();
  }

  @Override
  public <T> T[] toArray(T[] array) {
    return view.toArray(array);
  }

  @Override
  public boolean add(Object value) {
    return view.add(value);
  }

  @Override
  public void add(int index, Object value) {
    view.add(index, value);
  }

  @Override
  public boolean addAll(Collection<?> values) {
    return view.addAll(values);
  }

  @Override
  public boolean addAll(int index, Collection<?> values) {
    return view.addAll(index, values);
  }

  @Override
  public Object set(int index, Object value) {
    return view.set(index, value);
  }

  @Override
  public Object remove(int index) {
    return view.remove(index);
  }

  @Override
  public boolean remove(Object value) {
    return view.remove(value);
  }

  @Override
  public boolean removeAll(Collection<?> values) {
    return view.removeAll(values);
  }

  @Override
  public boolean retainAll(Collection<?> values) {
    return view.retainAll(values);
  }

  @Override
  public void clear() {
    view.clear();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || view.equals(other);
  }

  @Override
  public int hashCode() {
    return view.hashCode();
  }
}
