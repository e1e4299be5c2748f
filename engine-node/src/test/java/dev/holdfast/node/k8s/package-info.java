/** The manifests in {@code k8s/} and the image, held to the application's own configuration. */
@NullMarked
package dev.holdfast.node.k8s;

import org.jspecify.annotations.NullMarked;
