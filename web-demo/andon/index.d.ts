// Where the page finds the package: the build lays dist/ here.
export * from "../../dist/index.js";
