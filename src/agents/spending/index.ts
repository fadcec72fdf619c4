export { Budget, type BudgetLimits, type Loan, type Reservation, type Spending } from './budget.js';
export { costOf, type ModelPrice, type PriceTable, priceOf } from './prices.js';
export { type CallSoFar, type Grant, Purse, type PurseUsage } from './purse.js';
export { budgetOfRun, budgetsAtWork, runBudget, whileSpending, withLoan, withLoanOf } from './run-budget.js';
