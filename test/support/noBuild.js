/** For tests that use no built package. */
export default function noBuild() {}
